CREATE TABLE `accounts` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text,
	`industry` text,
	`region` text,
	`country` text,
	`employees` real,
	`annual_revenue_minor` integer,
	`currency` text,
	`parent_id` text,
	`owner_id` text,
	`created_at` integer,
	`known_at` integer,
	`custom` text,
	`imported_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `activities` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`direction` text,
	`at` integer NOT NULL,
	`ended_at` integer,
	`deal_id` text,
	`lead_id` text,
	`account_id` text,
	`contact_id` text,
	`user_id` text,
	`subject` text,
	`body` text,
	`outcome` text,
	`participants` integer,
	`known_at` integer,
	`custom` text,
	`imported_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `activities_deal_id` ON `activities` (`deal_id`);--> statement-breakpoint
CREATE INDEX `activities_lead_id` ON `activities` (`lead_id`);--> statement-breakpoint
CREATE INDEX `activities_account_id` ON `activities` (`account_id`);--> statement-breakpoint
CREATE TABLE `changes` (
	`row_id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`id` text NOT NULL,
	`at` integer NOT NULL,
	`field` text NOT NULL,
	`old_value` text,
	`new_value` text,
	`by` text,
	`known_at` integer,
	`custom` text,
	`imported_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `changes_of` ON `changes` (`kind`,`id`,`field`);--> statement-breakpoint
CREATE TABLE `contacts` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text,
	`name` text,
	`title` text,
	`department` text,
	`email` text,
	`phone` text,
	`created_at` integer,
	`consent` text,
	`known_at` integer,
	`custom` text,
	`imported_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `contacts_account_id` ON `contacts` (`account_id`);--> statement-breakpoint
CREATE TABLE `deals` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text,
	`owner_id` text,
	`lead_id` text,
	`name` text,
	`pipeline` text,
	`stage` text,
	`amount_minor` integer,
	`currency` text,
	`created_at` integer,
	`expected_close_date` integer,
	`forecast_category` text,
	`closed_at` integer,
	`outcome` text,
	`cause` text,
	`lost_reason` text,
	`known_at` integer,
	`custom` text,
	`imported_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `deals_account_id` ON `deals` (`account_id`);--> statement-breakpoint
CREATE TABLE `deal_contacts` (
	`row_id` text PRIMARY KEY NOT NULL,
	`deal_id` text NOT NULL,
	`contact_id` text NOT NULL,
	`role` text,
	`at` integer,
	`known_at` integer,
	`custom` text,
	`imported_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `deal_contacts_deal_id` ON `deal_contacts` (`deal_id`);--> statement-breakpoint
CREATE TABLE `exchange_rates` (
	`row_id` text PRIMARY KEY NOT NULL,
	`from` text NOT NULL,
	`to` text NOT NULL,
	`at` integer NOT NULL,
	`rate` real NOT NULL,
	`known_at` integer,
	`custom` text,
	`imported_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `imports` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`at` integer NOT NULL,
	`source` text NOT NULL,
	`report` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `keys` (
	`id` text PRIMARY KEY NOT NULL,
	`hash` text NOT NULL,
	`role` text NOT NULL,
	`name` text NOT NULL,
	`revoked_at` integer
);
--> statement-breakpoint
CREATE TABLE `latest_scores` (
	`model` text NOT NULL,
	`id` text NOT NULL,
	`as_of` integer NOT NULL,
	`version` text NOT NULL,
	`probability` real NOT NULL,
	`by_period_end` real NOT NULL,
	`grade` text NOT NULL,
	`amount_minor` integer,
	`owner_id` text,
	`body` text NOT NULL,
	PRIMARY KEY(`model`, `version`, `id`)
);
--> statement-breakpoint
CREATE INDEX `latest_scores_probability` ON `latest_scores` (`model`,`version`,`probability`,`id`);--> statement-breakpoint
CREATE TABLE `leads` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text,
	`company` text,
	`title` text,
	`email` text,
	`phone` text,
	`source` text,
	`campaign` text,
	`country` text,
	`owner_id` text,
	`created_at` integer,
	`status` text,
	`converted_at` integer,
	`converted_deal_id` text,
	`closed_at` integer,
	`outcome` text,
	`known_at` integer,
	`custom` text,
	`imported_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `leases` (
	`kind` text PRIMARY KEY NOT NULL,
	`pid` integer NOT NULL,
	`started` text NOT NULL,
	`heartbeat` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `orders` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`deal_id` text,
	`at` integer NOT NULL,
	`promised_at` integer,
	`delivered_at` integer,
	`status` text,
	`known_at` integer,
	`custom` text,
	`imported_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `orders_account_id` ON `orders` (`account_id`);--> statement-breakpoint
CREATE TABLE `order_lines` (
	`id` text PRIMARY KEY NOT NULL,
	`order_id` text NOT NULL,
	`product_id` text,
	`quantity` real,
	`unit_price_minor` integer,
	`discount` real,
	`cost_minor` integer,
	`currency` text NOT NULL,
	`known_at` integer,
	`custom` text,
	`imported_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `order_lines_order_id` ON `order_lines` (`order_id`);--> statement-breakpoint
CREATE TABLE `prices` (
	`row_id` text PRIMARY KEY NOT NULL,
	`product_id` text NOT NULL,
	`price_list` text,
	`currency` text NOT NULL,
	`price_minor` integer NOT NULL,
	`from` integer NOT NULL,
	`to` integer,
	`known_at` integer,
	`custom` text,
	`imported_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `prices_product_id` ON `prices` (`product_id`);--> statement-breakpoint
CREATE TABLE `products` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text,
	`family` text,
	`parent_id` text,
	`currency` text,
	`list_price_minor` integer,
	`floor_price_minor` integer,
	`cost_minor` integer,
	`in_stock` real,
	`active_from` integer,
	`active_to` integer,
	`known_at` integer,
	`custom` text,
	`imported_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `promotions` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`at` integer NOT NULL,
	`model` text NOT NULL,
	`version` text NOT NULL,
	`previous` text,
	`action` text NOT NULL,
	`reason` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `quotas` (
	`row_id` text PRIMARY KEY NOT NULL,
	`owner_id` text,
	`team_id` text,
	`period_start` integer NOT NULL,
	`period_end` integer NOT NULL,
	`amount_minor` integer NOT NULL,
	`currency` text NOT NULL,
	`known_at` integer,
	`custom` text,
	`imported_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `quote_lines` (
	`id` text PRIMARY KEY NOT NULL,
	`quote_id` text NOT NULL,
	`deal_id` text NOT NULL,
	`at` integer NOT NULL,
	`product_id` text,
	`quantity` real,
	`list_price_minor` integer,
	`unit_price_minor` integer,
	`currency` text NOT NULL,
	`known_at` integer,
	`custom` text,
	`imported_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `quote_lines_deal_id` ON `quote_lines` (`deal_id`);--> statement-breakpoint
CREATE TABLE `scores` (
	`model` text NOT NULL,
	`id` text NOT NULL,
	`as_of` integer NOT NULL,
	`version` text NOT NULL,
	`probability` real NOT NULL,
	`by_period_end` real NOT NULL,
	`grade` text NOT NULL,
	`amount_minor` integer,
	`owner_id` text,
	`body` text NOT NULL,
	PRIMARY KEY(`model`, `id`, `as_of`, `version`)
);
--> statement-breakpoint
CREATE TABLE `served` (
	`model` text PRIMARY KEY NOT NULL,
	`version` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `settings` (
	`key` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `stages` (
	`row_id` text PRIMARY KEY NOT NULL,
	`pipeline` text,
	`stage` text NOT NULL,
	`rank` integer NOT NULL,
	`kind` text NOT NULL,
	`category` text,
	`from` integer,
	`to` integer,
	`known_at` integer,
	`custom` text,
	`imported_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `teams` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text,
	`parent_id` text,
	`known_at` integer,
	`custom` text,
	`imported_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `users` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text,
	`email` text,
	`team_id` text,
	`manager_id` text,
	`role` text,
	`active_from` integer,
	`active_to` integer,
	`known_at` integer,
	`custom` text,
	`imported_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `versions` (
	`model` text NOT NULL,
	`version` text NOT NULL,
	`created_at` integer NOT NULL,
	`low_skill` integer NOT NULL,
	`summary` text NOT NULL,
	`sha256` text NOT NULL,
	`bytes` blob NOT NULL,
	PRIMARY KEY(`model`, `version`)
);
