DROP TABLE observation;

DROP TABLE device;
