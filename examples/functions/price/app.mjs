const prices = { espresso: 2.2, latte: 3.5, tea: 2.8 };

export async function handler({ drink, count = 1 }) {
  if (!(drink in prices)) {
    const error = new Error(`There is no ${drink}.`);
    error.name = 'UnknownDrink';
    throw error;
  }
  console.log(`${count} × ${drink}`);
  return { drink, count, total: prices[drink] * count, currency: process.env.CURRENCY };
}
