export const OverlapPage = () => null
