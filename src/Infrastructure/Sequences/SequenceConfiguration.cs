namespace FollowUp.Infrastructure.Sequences;

internal sealed class SequenceConfiguration : IEntityTypeConfiguration<Sequence>
{
    public void Configure(EntityTypeBuilder<Sequence> builder)
    {
        builder.ToTable("sequence");
        builder.HasKey(s => s.Id);
        builder.Property(s => s.Id).ValueGeneratedNever();
        builder.Property(s => s.Revision).IsConcurrencyToken();
        builder.Ignore(s => s.Events);
        builder.Ignore(s => s.Current);
        builder.HasOne<AppUser>().WithMany().HasForeignKey(s => s.OwnerId).OnDelete(DeleteBehavior.Cascade);
        builder.HasMany(s => s.Versions).WithOne().HasForeignKey(v => v.SequenceId).OnDelete(DeleteBehavior.Cascade);
        builder.Property(s => s.Schedule).HasColumnType("jsonb").HasConversion<ScheduleConverter>();
        builder.Property(s => s.UpgradeInsecureImages).HasDefaultValue(false);
        // Generated from the schedule, so that a foreign key protects a calendar that is in use.
        builder.Property<CalendarId?>("CalendarId").HasComputedColumnSql("(schedule ->> 'holidays')::uuid", stored: true);
        builder.HasOne<Calendar>().WithMany().HasForeignKey("CalendarId").OnDelete(DeleteBehavior.NoAction);
        builder.HasIndex(s => new { s.OwnerId, s.Id });
        // Every read checks whether the row's sequence is deleted; the index contains only deleted sequences whose rows still exist.
        builder.HasIndex(s => s.Id).HasFilter("deleted_at IS NOT NULL").HasDatabaseName("ix_sequence_deleted");
    }
}

internal sealed class SequenceVersionConfiguration : IEntityTypeConfiguration<SequenceVersion>
{
    public void Configure(EntityTypeBuilder<SequenceVersion> builder)
    {
        builder.ToTable("sequence_version");
        builder.HasKey(v => v.Id);
        builder.Property(v => v.Id).ValueGeneratedNever();
        builder.Property(v => v.Steps).HasColumnType("jsonb").HasConversion<StepsConverter, ListComparer<Step>>();
        builder.HasIndex(v => new { v.SequenceId, v.Number }).IsUnique();
    }
}
