using FollowUp.Domain.Accounts;
using FollowUp.Domain.Scheduling;
using FollowUp.Domain.Sequences;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FollowUp.Infrastructure.Persistence.Configurations;

internal sealed class SequenceConfiguration
    : IEntityTypeConfiguration<Sequence>,
        IEntityTypeConfiguration<SequenceVersion>,
        IEntityTypeConfiguration<SequenceMigration>
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
        // Beside the schedule's own word for it, so that the database keeps a calendar that is in use.
        builder.Property<CalendarId?>("CalendarId").HasComputedColumnSql("(schedule ->> 'holidays')::uuid", stored: true);
        builder.HasOne<Calendar>().WithMany().HasForeignKey("CalendarId").OnDelete(DeleteBehavior.NoAction);
        builder.HasIndex(s => new { s.OwnerId, s.Id });
        // Every read asks whether its row's sequence is deleted; the index holds only those whose rows are not deleted yet.
        builder.HasIndex(s => s.Id).HasFilter("deleted_at IS NOT NULL").HasDatabaseName("ix_sequence_deleted");
    }

    public void Configure(EntityTypeBuilder<SequenceVersion> builder)
    {
        builder.ToTable("sequence_version");
        builder.HasKey(v => v.Id);
        builder.Property(v => v.Id).ValueGeneratedNever();
        builder.Property(v => v.Steps).HasColumnType("jsonb").HasConversion<StepsConverter, StepsComparer>();
        builder.HasIndex(v => new { v.SequenceId, v.Number }).IsUnique();
    }

    public void Configure(EntityTypeBuilder<SequenceMigration> builder)
    {
        builder.ToTable("sequence_migration");
        builder.HasKey(m => m.Id);
        builder.Property(m => m.Id).ValueGeneratedNever();
        builder.Property(m => m.Revision).IsConcurrencyToken();
        builder.Ignore(m => m.Events);
        builder.Property(m => m.Map).HasColumnType("jsonb").HasConversion<MapConverter, MapComparer>();
        builder.Property(m => m.Deferred).HasColumnType("uuid[]").HasConversion<IdsConverter, IdsComparer>();
        builder.HasOne<Sequence>().WithMany().HasForeignKey(m => m.SequenceId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(m => new { m.SequenceId, m.Id });
        // Whose batch comes next.
        builder
            .HasIndex(m => new
            {
                m.OwnerId,
                m.UpdatedAt,
                m.Id,
            })
            .HasFilter("state = 'running'")
            .HasDatabaseName("ix_sequence_migration_turn");
        // Nodes of the release before name neither column.
        builder.Property(m => m.RunAfter).HasDefaultValueSql("now()");
        builder.Property(m => m.Failures).HasDefaultValue(0);
        // One at a time.
        builder
            .HasIndex(m => m.SequenceId)
            .IsUnique()
            .HasFilter("state = 'running'")
            .HasDatabaseName("ux_sequence_migration_running_once");
    }
}
