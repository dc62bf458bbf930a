export const AccessPage = () => null;
