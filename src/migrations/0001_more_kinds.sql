CREATE TABLE `campaigns` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text,
	`channel` text,
	`started_at` integer,
	`ended_at` integer,
	`cost_minor` integer,
	`known_at` integer,
	`custom` text,
	`imported_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `campaign_members` (
	`row_id` text PRIMARY KEY NOT NULL,
	`campaign_id` text NOT NULL,
	`contact_id` text,
	`lead_id` text,
	`variant` text,
	`sent_at` integer,
	`opened_at` integer,
	`clicked_at` integer,
	`responded_at` integer,
	`known_at` integer,
	`custom` text,
	`imported_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `campaign_members_lead_id` ON `campaign_members` (`lead_id`);--> statement-breakpoint
CREATE INDEX `campaign_members_contact_id` ON `campaign_members` (`contact_id`);--> statement-breakpoint
CREATE TABLE `consents` (
	`row_id` text PRIMARY KEY NOT NULL,
	`contact_id` text NOT NULL,
	`purpose` text,
	`channel` text,
	`given_at` integer,
	`withdrawn_at` integer,
	`known_at` integer,
	`custom` text,
	`imported_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `consents_contact_id` ON `consents` (`contact_id`);--> statement-breakpoint
CREATE TABLE `invoices` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`order_id` text,
	`issued_at` integer NOT NULL,
	`due_at` integer,
	`paid_at` integer,
	`amount_minor` integer,
	`currency` text,
	`known_at` integer,
	`custom` text,
	`imported_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `invoices_account_id` ON `invoices` (`account_id`);--> statement-breakpoint
CREATE TABLE `subscriptions` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`product_id` text,
	`started_at` integer,
	`ends_at` integer,
	`cancelled_at` integer,
	`amount_minor` integer,
	`currency` text,
	`interval` text,
	`known_at` integer,
	`custom` text,
	`imported_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `subscriptions_account_id` ON `subscriptions` (`account_id`);--> statement-breakpoint
CREATE TABLE `surveys` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text,
	`contact_id` text,
	`at` integer NOT NULL,
	`kind` text,
	`score` real,
	`text` text,
	`known_at` integer,
	`custom` text,
	`imported_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `surveys_account_id` ON `surveys` (`account_id`);--> statement-breakpoint
CREATE INDEX `surveys_contact_id` ON `surveys` (`contact_id`);--> statement-breakpoint
CREATE TABLE `tickets` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text,
	`contact_id` text,
	`product_id` text,
	`opened_at` integer NOT NULL,
	`first_reply_at` integer,
	`closed_at` integer,
	`priority` text,
	`reopened` integer,
	`csat` real,
	`subject` text,
	`body` text,
	`known_at` integer,
	`custom` text,
	`imported_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `tickets_account_id` ON `tickets` (`account_id`);--> statement-breakpoint
CREATE INDEX `tickets_contact_id` ON `tickets` (`contact_id`);--> statement-breakpoint
CREATE TABLE `usage` (
	`row_id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`product_id` text,
	`at` integer NOT NULL,
	`quantity` real,
	`known_at` integer,
	`custom` text,
	`imported_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `usage_account_id` ON `usage` (`account_id`);