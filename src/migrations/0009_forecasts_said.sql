CREATE TABLE `forecast_blends` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`at` integer NOT NULL,
	`of` text NOT NULL,
	`body` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `forecast_blends_of` ON `forecast_blends` (`of`,`id`);--> statement-breakpoint
CREATE TABLE `forecasts_said` (
	`day` text NOT NULL,
	`from` integer NOT NULL,
	`to` integer NOT NULL,
	`period` text NOT NULL,
	`at` integer NOT NULL,
	`version` text NOT NULL,
	`currency` text NOT NULL,
	`booked_minor` integer NOT NULL,
	`expected_minor` integer NOT NULL,
	`p10_minor` integer NOT NULL,
	`p50_minor` integer NOT NULL,
	`p90_minor` integer NOT NULL,
	`quota_minor` integer,
	`quota_probability` real,
	`open_deals` integer NOT NULL,
	PRIMARY KEY(`from`, `to`, `day`)
);
