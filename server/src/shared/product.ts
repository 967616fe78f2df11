/** The product's own name, wherever a text of the contract names the product (labels, descriptions, actors). */
export const PRODUCT = 'Gatehouse';
