CREATE TABLE `adjustments` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`at` integer NOT NULL,
	`kind` text NOT NULL,
	`by` text NOT NULL,
	`node` text,
	`period` text NOT NULL,
	`from` integer NOT NULL,
	`to` integer NOT NULL,
	`amount_minor` integer NOT NULL,
	`currency` text NOT NULL,
	`reason` text NOT NULL,
	`author` text,
	`undoes` integer
);
--> statement-breakpoint
CREATE INDEX `adjustments_of` ON `adjustments` (`from`,`to`);