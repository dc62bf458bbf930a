export const AccessPage = () => null
