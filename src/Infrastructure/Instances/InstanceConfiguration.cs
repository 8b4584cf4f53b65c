namespace FollowUp.Infrastructure.Instances;

internal sealed class InstanceConfiguration : IEntityTypeConfiguration<Instance>, IEntityTypeConfiguration<StepJob>
{
    /// <summary>The index that prevents one person from being ACTIVE or PAUSED twice in one sequence.</summary>
    public const string EnrolledOnce = "ux_instance_enrolled_once";

    public void Configure(EntityTypeBuilder<Instance> builder)
    {
        builder.ToTable("instance");
        builder.HasKey(i => i.Id);
        builder.Property(i => i.Id).ValueGeneratedNever();
        builder.Property(i => i.Revision).IsConcurrencyToken();
        builder.Property(i => i.Deferrals).HasDefaultValue(0);
        builder.Property(i => i.Variables).HasColumnType("jsonb");
        builder.Ignore(i => i.Events);
        builder.Ignore(i => i.Thread);
        builder.ComplexProperty(
            i => i.Recipient,
            recipient =>
            {
                recipient.Property(r => r.Email).HasColumnName("email");
                recipient.Property(r => r.Name).HasColumnName("name");
                recipient.Property(r => r.Phone).HasColumnName("phone");
                recipient.Property(r => r.TimeZone).HasColumnName("time_zone");
                recipient.Property(r => r.GivenFirstName).HasColumnName("first_name");
                recipient.Property(r => r.GivenLastName).HasColumnName("last_name");
                recipient.Ignore(r => r.FirstName);
                recipient.Ignore(r => r.LastName);
            }
        );
        builder.Property<string>("EmailKey").HasComputedColumnSql("lower(email)", stored: true);
        // instances.sql drops both foreign keys: a trigger of the sequence deletes its instances, and a trigger of the instance deletes its job.
        builder.HasOne<Sequence>().WithMany().HasForeignKey(i => i.SequenceId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne(i => i.Job).WithOne().HasForeignKey<StepJob>(j => j.InstanceId).OnDelete(DeleteBehavior.Cascade);

        builder.HasIndex("SequenceId", "EmailKey").IsUnique().HasFilter("status IN ('ACTIVE', 'PAUSED')").HasDatabaseName(EnrolledOnce);
        builder.HasIndex(i => new { i.OwnerId, i.Id });
        // Also serves prefix searches of addresses. instances.sql adds the same for names: ix_instance_owner_id_name, on lower(name).
        builder.HasIndex("OwnerId", "EmailKey").HasOperators(null!, "text_pattern_ops");
        builder.HasIndex(i => new
        {
            i.SequenceId,
            i.Status,
            i.Id,
        });
        builder
            .HasIndex(i => new
            {
                i.OwnerId,
                i.Attention,
                i.Id,
            })
            .HasFilter("attention IS NOT NULL");
    }

    public void Configure(EntityTypeBuilder<StepJob> builder)
    {
        builder.ToTable("step_job");
        // The table's primary key is instance_id alone (dispatch.sql). EF Core's key also has the id, because it distinguishes a job from its
        // successor in the same row.
        builder.HasKey(j => new { j.InstanceId, j.Id });
        builder.Property(j => j.Id).ValueGeneratedNever();
        builder.HasIndex(j => j.InstanceId).IsUnique();
        builder
            .Property(j => j.WaitingFor)
            .HasColumnType("jsonb")
            .HasConversion<MovesConverter, ListComparer<Move>>()
            .HasDefaultValueSql("'[]'");
        builder.Property(j => j.IsFirst).HasDefaultValue(false);
        // No index may contain state, owner or lease_until, not even in its filter: a claim changes only these, and therefore updates no index.
        builder.Property<bool>("Claimable").HasComputedColumnSql("state IN ('ready', 'leased')", stored: true);
        builder.Property<DateTimeOffset>("InLineSince").HasComputedColumnSql("coalesce(wanted_at, due_at)", stored: true);
        builder.Property<bool>("Doubtful").HasComputedColumnSql("state = 'in_doubt'", stored: true);
        // The order of claims (JobOrder): many jobs are due at the same time, such as the opening of a window or the start of a day.
        builder
            .HasIndex(nameof(StepJob.DueAt), nameof(StepJob.IsFirst), "InLineSince", nameof(StepJob.Id))
            .HasFilter("claimable")
            .HasDatabaseName("ix_step_job_claimable");
        // For the round-robin over owners, and for an owner's cap.
        builder
            .HasIndex(nameof(StepJob.OwnerId), nameof(StepJob.DueAt), nameof(StepJob.IsFirst), "InLineSince", nameof(StepJob.Id))
            .HasFilter("claimable")
            .HasDatabaseName("ix_step_job_turn");
        // The due steps of a channel, owner by owner: for probes and for the backlog of an outage. One index per channel rather than one that starts
        // with step_type: after a text, no column has a fixed offset, and each comparison of two entries has to compute it.
        foreach (var channel in Enum.GetValues<Channel>())
        {
            var name = $"ix_step_job_{DbEnumNames.Lower(channel)}";
            builder
                .HasIndex(
                    [nameof(StepJob.OwnerId), nameof(StepJob.DueAt), nameof(StepJob.IsFirst), "InLineSince", nameof(StepJob.Id)],
                    name
                )
                .HasDatabaseName(name)
                .HasFilter($"claimable AND step_type = '{DbEnumNames.Upper(channel)}'");
        }

        builder.HasIndex(j => j.DueAt).HasFilter("doubtful").HasDatabaseName("ix_step_job_in_doubt");
        // The end of the queue of mails that wait for a gap.
        builder
            .HasIndex(nameof(StepJob.OwnerId), nameof(StepJob.DueAt))
            .HasFilter("claimable AND waiting_for -> -1 ->> 'reason' = 'gap'")
            .HasDatabaseName("ix_step_job_gap");
        // In the order in which jobs are released when their sequence is enabled again. A claim never changes park_reason.
        builder
            .HasIndex(nameof(StepJob.SequenceId), nameof(StepJob.DueAt), nameof(StepJob.IsFirst), "InLineSince", nameof(StepJob.Id))
            .HasFilter("park_reason = 'sequenceDisabled'")
            .HasDatabaseName("ix_step_job_parked");
    }
}
