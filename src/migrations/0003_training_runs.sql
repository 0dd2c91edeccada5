CREATE TABLE `training_runs` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`at` integer NOT NULL,
	`model` text NOT NULL,
	`outcome` text NOT NULL,
	`version` text,
	`record` text NOT NULL,
	`evidence` text
);
--> statement-breakpoint
CREATE INDEX `training_runs_version` ON `training_runs` (`model`,`version`);