export const RatesPage = () => null
