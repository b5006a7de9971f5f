// Composition root; filled by its feature.
return 0;
