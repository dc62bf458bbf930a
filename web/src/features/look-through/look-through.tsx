export const LookThroughPage = () => null
