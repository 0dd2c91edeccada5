CREATE TABLE `removals` (
	`row_id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`id` text NOT NULL,
	`at` integer NOT NULL,
	`event` text NOT NULL,
	`known_at` integer,
	`custom` text,
	`imported_at` integer NOT NULL
);
