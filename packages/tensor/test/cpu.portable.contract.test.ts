import { isaContract } from './isa-contract.js';

isaContract('portable');
