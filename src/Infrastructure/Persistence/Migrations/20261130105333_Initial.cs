using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace FollowUp.Infrastructure.Persistence.Migrations
{
    /// <summary>
    /// All tables. EF Core generated what the model knows; the files in <c>Sql/</c> add what it cannot say: triggers, functions, views, checks,
    /// storage parameters, and tables without an entity.
    /// </summary>
    public partial class Initial : Migration
    {
        private static readonly string[] Subjects =
        [
            "accounts",
            "recipients",
            "sequences",
            "instances",
            "events",
            "statistics",
            "dispatch",
            "quotas",
            "operations",
            "storage",
        ];

        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "app_user",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    issuer = table.Column<string>(type: "text", nullable: false),
                    subject = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_app_user", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "api_key",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    owner_id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    hint = table.Column<string>(type: "text", nullable: false),
                    hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    read_only = table.Column<bool>(type: "boolean", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false, defaultValue: "live"),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    revoked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    last_used_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_api_key", x => x.id);
                    table.ForeignKey(
                        name: "fk_api_key_app_user_owner_id",
                        column: x => x.owner_id,
                        principalTable: "app_user",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "audit_entry",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    owner_id = table.Column<Guid>(type: "uuid", nullable: false),
                    credential = table.Column<string>(type: "text", nullable: false),
                    action = table.Column<string>(type: "text", nullable: false),
                    subject_id = table.Column<Guid>(type: "uuid", nullable: false),
                    subject = table.Column<string>(type: "text", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_audit_entry", x => x.id);
                    table.ForeignKey(
                        name: "fk_audit_entry_app_user_owner_id",
                        column: x => x.owner_id,
                        principalTable: "app_user",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "calendar",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    owner_id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    dates = table.Column<DateOnly[]>(type: "date[]", nullable: false),
                    names = table.Column<string[]>(type: "text[]", nullable: false, defaultValueSql: "'{}'"),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    revision = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_calendar", x => x.id);
                    table.ForeignKey(
                        name: "fk_calendar_app_user_owner_id",
                        column: x => x.owner_id,
                        principalTable: "app_user",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "operation",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    owner_id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    target_id = table.Column<Guid>(type: "uuid", nullable: true),
                    parameters = table.Column<string>(type: "jsonb", nullable: false),
                    total = table.Column<int>(type: "integer", nullable: true),
                    done = table.Column<int>(type: "integer", nullable: false),
                    refused = table.Column<int>(type: "integer", nullable: false),
                    refused_by = table.Column<string>(type: "jsonb", nullable: false),
                    errors = table.Column<int>(type: "integer", nullable: false),
                    last_error = table.Column<string>(type: "text", nullable: true),
                    cursor = table.Column<string>(type: "text", nullable: true),
                    walked = table.Column<bool>(type: "boolean", nullable: false),
                    deferred = table.Column<Guid[]>(type: "uuid[]", nullable: false),
                    next_slot = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    served_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    run_after = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    failures = table.Column<int>(type: "integer", nullable: false),
                    finished_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    actor_id = table.Column<Guid>(type: "uuid", nullable: true),
                    actor_kind = table.Column<string>(type: "text", nullable: false),
                    revision = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_operation", x => x.id);
                    table.ForeignKey(
                        name: "fk_operation_app_user_owner_id",
                        column: x => x.owner_id,
                        principalTable: "app_user",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "suppression",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    owner_id = table.Column<Guid>(type: "uuid", nullable: false),
                    channel = table.Column<string>(type: "text", nullable: false),
                    address = table.Column<string>(type: "text", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: false),
                    source = table.Column<string>(type: "text", nullable: false, defaultValue: "user"),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_suppression", x => x.id);
                    table.ForeignKey(
                        name: "fk_suppression_app_user_owner_id",
                        column: x => x.owner_id,
                        principalTable: "app_user",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "sequence",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    owner_id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    description = table.Column<string>(type: "text", nullable: true),
                    enabled = table.Column<bool>(type: "boolean", nullable: false),
                    schedule = table.Column<string>(type: "jsonb", nullable: true),
                    upgrade_insecure_images = table.Column<bool>(type: "boolean", nullable: false, defaultValue: false),
                    current_version = table.Column<int>(type: "integer", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    deleted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    calendar_id = table.Column<Guid>(type: "uuid", nullable: true, computedColumnSql: "(schedule ->> 'holidays')::uuid", stored: true),
                    revision = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_sequence", x => x.id);
                    table.ForeignKey(
                        name: "fk_sequence_app_user_owner_id",
                        column: x => x.owner_id,
                        principalTable: "app_user",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_sequence_calendar_calendar_id",
                        column: x => x.calendar_id,
                        principalTable: "calendar",
                        principalColumn: "id");
                });

            migrationBuilder.CreateTable(
                name: "instance",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    owner_id = table.Column<Guid>(type: "uuid", nullable: false),
                    sequence_id = table.Column<Guid>(type: "uuid", nullable: false),
                    sequence_version_id = table.Column<Guid>(type: "uuid", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    variables = table.Column<string>(type: "jsonb", nullable: false),
                    offer_id = table.Column<string>(type: "text", nullable: true),
                    status = table.Column<string>(type: "text", nullable: false),
                    stop_reason = table.Column<string>(type: "text", nullable: true),
                    current_step = table.Column<int>(type: "integer", nullable: false),
                    attempts = table.Column<int>(type: "integer", nullable: false),
                    deferrals = table.Column<int>(type: "integer", nullable: false, defaultValue: 0),
                    last_error = table.Column<string>(type: "text", nullable: true),
                    attention = table.Column<string>(type: "text", nullable: true),
                    thread_message_id = table.Column<string>(type: "text", nullable: true),
                    thread_subject = table.Column<string>(type: "text", nullable: true),
                    enrolled_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    event_count = table.Column<int>(type: "integer", nullable: false),
                    event_hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    event_seal = table.Column<byte[]>(type: "bytea", nullable: true),
                    email_key = table.Column<string>(type: "text", nullable: true, computedColumnSql: "lower(email)", stored: true),
                    email = table.Column<string>(type: "text", nullable: false),
                    first_name = table.Column<string>(type: "text", nullable: true),
                    last_name = table.Column<string>(type: "text", nullable: true),
                    name = table.Column<string>(type: "text", nullable: true),
                    phone = table.Column<string>(type: "text", nullable: true),
                    time_zone = table.Column<string>(type: "text", nullable: true),
                    revision = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_instance", x => x.id);
                    table.ForeignKey(
                        name: "fk_instance_sequence_sequence_id",
                        column: x => x.sequence_id,
                        principalTable: "sequence",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "sequence_migration",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    owner_id = table.Column<Guid>(type: "uuid", nullable: false),
                    sequence_id = table.Column<Guid>(type: "uuid", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    policy = table.Column<string>(type: "text", nullable: false),
                    map = table.Column<string>(type: "jsonb", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    total = table.Column<int>(type: "integer", nullable: true),
                    moved = table.Column<int>(type: "integer", nullable: false),
                    ended = table.Column<int>(type: "integer", nullable: false),
                    in_doubt = table.Column<int>(type: "integer", nullable: false),
                    stayed = table.Column<int>(type: "integer", nullable: false),
                    failed = table.Column<int>(type: "integer", nullable: false),
                    last_error = table.Column<string>(type: "text", nullable: true),
                    cursor = table.Column<Guid>(type: "uuid", nullable: true),
                    walked = table.Column<bool>(type: "boolean", nullable: false),
                    deferred = table.Column<Guid[]>(type: "uuid[]", nullable: false),
                    next_slot = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    run_after = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    failures = table.Column<int>(type: "integer", nullable: false),
                    completed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    actor_id = table.Column<Guid>(type: "uuid", nullable: true),
                    actor_kind = table.Column<string>(type: "text", nullable: false),
                    revision = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_sequence_migration", x => x.id);
                    table.ForeignKey(
                        name: "fk_sequence_migration_sequence_sequence_id",
                        column: x => x.sequence_id,
                        principalTable: "sequence",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "sequence_version",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    sequence_id = table.Column<Guid>(type: "uuid", nullable: false),
                    owner_id = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    steps = table.Column<string>(type: "jsonb", nullable: false),
                    published_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_sequence_version", x => x.id);
                    table.ForeignKey(
                        name: "fk_sequence_version_sequence_sequence_id",
                        column: x => x.sequence_id,
                        principalTable: "sequence",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "attempt",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    instance_id = table.Column<Guid>(type: "uuid", nullable: false),
                    step_job_id = table.Column<Guid>(type: "uuid", nullable: false),
                    step_index = table.Column<int>(type: "integer", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    channel = table.Column<string>(type: "text", nullable: false),
                    has_slot = table.Column<bool>(type: "boolean", nullable: false, defaultValue: false),
                    status = table.Column<string>(type: "text", nullable: false),
                    error = table.Column<string>(type: "text", nullable: true),
                    provider_message_id = table.Column<string>(type: "text", nullable: true),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    finished_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    owner_id = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_attempt", x => x.id);
                    table.ForeignKey(
                        name: "fk_attempt_instance_instance_id",
                        column: x => x.instance_id,
                        principalTable: "instance",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "follow_up_event",
                columns: table => new
                {
                    instance_id = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    owner_id = table.Column<Guid>(type: "uuid", nullable: false),
                    sequence_id = table.Column<Guid>(type: "uuid", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    step_index = table.Column<int>(type: "integer", nullable: true),
                    type = table.Column<string>(type: "text", nullable: false),
                    status = table.Column<string>(type: "text", nullable: true),
                    content = table.Column<string>(type: "json", nullable: false),
                    message_id = table.Column<Guid>(type: "uuid", nullable: true),
                    sent_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    previous_hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    position = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityAlwaysColumn),
                    written_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true, defaultValueSql: "clock_timestamp()"),
                    actor_id = table.Column<Guid>(type: "uuid", nullable: true),
                    actor_kind = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_follow_up_event", x => new { x.instance_id, x.number });
                    table.ForeignKey(
                        name: "fk_follow_up_event_instance_instance_id",
                        column: x => x.instance_id,
                        principalTable: "instance",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "message",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    instance_id = table.Column<Guid>(type: "uuid", nullable: false),
                    owner_id = table.Column<Guid>(type: "uuid", nullable: false),
                    channel = table.Column<string>(type: "text", nullable: false),
                    recipient = table.Column<string>(type: "text", nullable: false),
                    subject = table.Column<string>(type: "text", nullable: true),
                    html = table.Column<string>(type: "text", nullable: true),
                    text = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_message", x => new { x.instance_id, x.id });
                    table.ForeignKey(
                        name: "fk_message_instance_instance_id",
                        column: x => x.instance_id,
                        principalTable: "instance",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "step_job",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    instance_id = table.Column<Guid>(type: "uuid", nullable: false),
                    owner_id = table.Column<Guid>(type: "uuid", nullable: false),
                    sequence_id = table.Column<Guid>(type: "uuid", nullable: false),
                    step_index = table.Column<int>(type: "integer", nullable: false),
                    step_type = table.Column<string>(type: "text", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    due_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    wanted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    waiting_for = table.Column<string>(type: "jsonb", nullable: false, defaultValueSql: "'[]'"),
                    is_first = table.Column<bool>(type: "boolean", nullable: false, defaultValue: false),
                    attempt = table.Column<int>(type: "integer", nullable: false),
                    owner = table.Column<string>(type: "text", nullable: true),
                    lease_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    parked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    park_reason = table.Column<string>(type: "text", nullable: true),
                    enqueued_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    claimable = table.Column<bool>(type: "boolean", nullable: false, computedColumnSql: "state IN ('ready', 'leased')", stored: true),
                    doubtful = table.Column<bool>(type: "boolean", nullable: false, computedColumnSql: "state = 'in_doubt'", stored: true),
                    in_line_since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, computedColumnSql: "coalesce(wanted_at, due_at)", stored: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_step_job", x => new { x.instance_id, x.id });
                    table.ForeignKey(
                        name: "fk_step_job_instance_instance_id",
                        column: x => x.instance_id,
                        principalTable: "instance",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_api_key_hash",
                table: "api_key",
                column: "hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_api_key_owner_id",
                table: "api_key",
                column: "owner_id");

            migrationBuilder.CreateIndex(
                name: "ix_app_user_issuer_subject",
                table: "app_user",
                columns: new[] { "issuer", "subject" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_attempt_instance_id",
                table: "attempt",
                column: "instance_id");

            migrationBuilder.CreateIndex(
                name: "ix_audit_entry_owner_id_id",
                table: "audit_entry",
                columns: new[] { "owner_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_calendar_owner_id_name",
                table: "calendar",
                columns: new[] { "owner_id", "name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_follow_up_event_owner_id_position",
                table: "follow_up_event",
                columns: new[] { "owner_id", "position" });

            migrationBuilder.CreateIndex(
                name: "ix_follow_up_event_owner_id_sent_at",
                table: "follow_up_event",
                columns: new[] { "owner_id", "sent_at" });

            migrationBuilder.CreateIndex(
                name: "ix_instance_owner_id_attention_id",
                table: "instance",
                columns: new[] { "owner_id", "attention", "id" },
                filter: "attention IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_instance_owner_id_email_key",
                table: "instance",
                columns: new[] { "owner_id", "email_key" })
                .Annotation("Npgsql:IndexOperators", new[] { null, "text_pattern_ops" });

            migrationBuilder.CreateIndex(
                name: "ix_instance_owner_id_id",
                table: "instance",
                columns: new[] { "owner_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_instance_sequence_id_status_id",
                table: "instance",
                columns: new[] { "sequence_id", "status", "id" });

            migrationBuilder.CreateIndex(
                name: "ux_instance_enrolled_once",
                table: "instance",
                columns: new[] { "sequence_id", "email_key" },
                unique: true,
                filter: "status IN ('ACTIVE', 'PAUSED')");

            migrationBuilder.CreateIndex(
                name: "ix_operation_active",
                table: "operation",
                columns: new[] { "owner_id", "kind", "target_id" },
                filter: "finished_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_operation_finished",
                table: "operation",
                column: "finished_at",
                filter: "finished_at IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_operation_owner_id_id",
                table: "operation",
                columns: new[] { "owner_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_sequence_calendar_id",
                table: "sequence",
                column: "calendar_id");

            migrationBuilder.CreateIndex(
                name: "ix_sequence_deleted",
                table: "sequence",
                column: "id",
                filter: "deleted_at IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_sequence_owner_id_id",
                table: "sequence",
                columns: new[] { "owner_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_sequence_migration_sequence_id_id",
                table: "sequence_migration",
                columns: new[] { "sequence_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_sequence_migration_turn",
                table: "sequence_migration",
                columns: new[] { "owner_id", "updated_at", "id" },
                filter: "state = 'running'");

            migrationBuilder.CreateIndex(
                name: "ux_sequence_migration_running_once",
                table: "sequence_migration",
                column: "sequence_id",
                unique: true,
                filter: "state = 'running'");

            migrationBuilder.CreateIndex(
                name: "ix_sequence_version_sequence_id_number",
                table: "sequence_version",
                columns: new[] { "sequence_id", "number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_step_job_claimable",
                table: "step_job",
                columns: new[] { "due_at", "is_first", "in_line_since", "id" },
                filter: "claimable");

            migrationBuilder.CreateIndex(
                name: "ix_step_job_email",
                table: "step_job",
                columns: new[] { "owner_id", "due_at", "is_first", "in_line_since", "id" },
                filter: "claimable AND step_type = 'EMAIL'");

            migrationBuilder.CreateIndex(
                name: "ix_step_job_gap",
                table: "step_job",
                columns: new[] { "owner_id", "due_at" },
                filter: "claimable AND waiting_for -> -1 ->> 'reason' = 'gap'");

            migrationBuilder.CreateIndex(
                name: "ix_step_job_in_doubt",
                table: "step_job",
                column: "due_at",
                filter: "doubtful");

            migrationBuilder.CreateIndex(
                name: "ix_step_job_instance_id",
                table: "step_job",
                column: "instance_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_step_job_parked",
                table: "step_job",
                columns: new[] { "sequence_id", "due_at", "is_first", "in_line_since", "id" },
                filter: "park_reason = 'sequenceDisabled'");

            migrationBuilder.CreateIndex(
                name: "ix_step_job_sms",
                table: "step_job",
                columns: new[] { "owner_id", "due_at", "is_first", "in_line_since", "id" },
                filter: "claimable AND step_type = 'SMS'");

            migrationBuilder.CreateIndex(
                name: "ix_step_job_turn",
                table: "step_job",
                columns: new[] { "owner_id", "due_at", "is_first", "in_line_since", "id" },
                filter: "claimable");

            migrationBuilder.CreateIndex(
                name: "ix_suppression_owner_id_address",
                table: "suppression",
                columns: new[] { "owner_id", "address" })
                .Annotation("Npgsql:IndexOperators", new[] { null, "text_pattern_ops" });

            migrationBuilder.CreateIndex(
                name: "ix_suppression_owner_id_channel_address",
                table: "suppression",
                columns: new[] { "owner_id", "channel", "address" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_suppression_owner_id_id",
                table: "suppression",
                columns: new[] { "owner_id", "id" });

            foreach (var subject in Subjects)
            {
                migrationBuilder.Sql(SqlFile.Read(subject));
            }
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(SqlFile.Read("drop"));

            migrationBuilder.DropTable(
                name: "api_key");

            migrationBuilder.DropTable(
                name: "attempt");

            migrationBuilder.DropTable(
                name: "audit_entry");

            migrationBuilder.DropTable(
                name: "follow_up_event");

            migrationBuilder.DropTable(
                name: "message");

            migrationBuilder.DropTable(
                name: "operation");

            migrationBuilder.DropTable(
                name: "sequence_migration");

            migrationBuilder.DropTable(
                name: "sequence_version");

            migrationBuilder.DropTable(
                name: "step_job");

            migrationBuilder.DropTable(
                name: "suppression");

            migrationBuilder.DropTable(
                name: "instance");

            migrationBuilder.DropTable(
                name: "sequence");

            migrationBuilder.DropTable(
                name: "calendar");

            migrationBuilder.DropTable(
                name: "app_user");
        }
    }
}
