ALTER TABLE `activities` ADD `sentiment` real;--> statement-breakpoint
ALTER TABLE `activities` ADD `intents` integer;