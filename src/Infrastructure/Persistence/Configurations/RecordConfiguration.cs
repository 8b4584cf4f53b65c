using FollowUp.Application.Events;
using FollowUp.Application.Sequences;
using FollowUp.Domain.Accounts;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Suppressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FollowUp.Infrastructure.Persistence.Configurations;

/// <summary>What is kept about instances: attempts, messages and events.</summary>
internal sealed class RecordConfiguration
    : IEntityTypeConfiguration<Attempt>,
        IEntityTypeConfiguration<Message>,
        IEntityTypeConfiguration<FollowUpEvent>,
        IEntityTypeConfiguration<StepStat>,
        IEntityTypeConfiguration<InstanceCount>
{
    public void Configure(EntityTypeBuilder<Attempt> builder)
    {
        builder.ToTable("attempt");
        builder.HasKey(a => a.Id);
        builder.Property(a => a.Id).ValueGeneratedNever();
        builder.Property<OwnerId>("OwnerId");
        builder.Property(a => a.HasSlot).HasDefaultValue(false);
        builder.HasOne<Instance>().WithMany().HasForeignKey(a => a.InstanceId).OnDelete(DeleteBehavior.Cascade);
        // No index on what a write-back changes, so that it touches none. Pruning goes by the instants that ids begin with.
        builder.HasIndex(a => a.InstanceId);
    }

    public void Configure(EntityTypeBuilder<Message> builder)
    {
        builder.ToTable("message");
        // One index serves the event that names the message as well as whoever erases an instance's messages.
        builder.HasKey(m => new { m.InstanceId, m.Id });
        builder.Property(m => m.Id).ValueGeneratedNever();
        builder.HasOne<Instance>().WithMany().HasForeignKey(m => m.InstanceId).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<FollowUpEvent> builder)
    {
        builder.ToTable("follow_up_event");
        builder.HasKey(e => new { e.InstanceId, e.Number });
        builder.Property(e => e.Id).ValueGeneratedNever();
        // json, not jsonb: the hash is over the very text.
        builder.Property(e => e.Content).HasColumnType("json");
        // No foreign key from message_id: messages can be erased, events cannot be changed.
        builder.HasOne<Instance>().WithMany().HasForeignKey(e => e.InstanceId).OnDelete(DeleteBehavior.Cascade);
        // The order of the log (ADR 68). The database draws it; the domain does not know it.
        builder.Property<long>(EventLog.Position).UseIdentityAlwaysColumn();
        builder.Property<DateTimeOffset?>(EventLog.WrittenAt).HasDefaultValueSql("clock_timestamp()");
        builder.HasIndex(nameof(FollowUpEvent.OwnerId), EventLog.Position);
        builder.HasIndex(e => new { e.OwnerId, e.SentAt });
    }

    public void Configure(EntityTypeBuilder<InstanceCount> builder)
    {
        // As with StepStat; the migration HotPath makes the tables, the view and what fills them.
        builder.ToView("instance_count_sum");
        builder.HasNoKey();
    }

    public void Configure(EntityTypeBuilder<StepStat> builder)
    {
        // Folded rows and those that are still to be folded; the migration Statistics makes both tables, the view and what fills them.
        builder.ToView("step_stat_sum");
        builder.HasNoKey();
    }
}

/// <summary>Users, their keys, and the addresses that they must leave alone.</summary>
internal sealed class AccountConfiguration
    : IEntityTypeConfiguration<AppUser>,
        IEntityTypeConfiguration<ApiKey>,
        IEntityTypeConfiguration<Suppression>
{
    public void Configure(EntityTypeBuilder<AppUser> builder)
    {
        builder.ToTable("app_user");
        builder.HasKey(u => u.Id);
        builder.Property(u => u.Id).ValueGeneratedNever();
        builder.HasIndex(u => new { u.Issuer, u.Subject }).IsUnique();
    }

    public void Configure(EntityTypeBuilder<ApiKey> builder)
    {
        builder.ToTable("api_key");
        builder.HasKey(k => k.Id);
        builder.Property(k => k.Id).ValueGeneratedNever();
        builder.HasOne<AppUser>().WithMany().HasForeignKey(k => k.OwnerId).OnDelete(DeleteBehavior.Cascade);
        builder.Property(k => k.Kind).HasDefaultValue(ApiKeyKind.Live).HasSentinel(ApiKeyKind.Live);
        builder.HasIndex(k => k.Hash).IsUnique();
    }

    public void Configure(EntityTypeBuilder<Suppression> builder)
    {
        builder.ToTable("suppression");
        builder.HasKey(s => s.Id);
        builder.Property(s => s.Id).ValueGeneratedNever();
        builder.Property(s => s.Source).HasDefaultValue(SuppressionSource.User).HasSentinel(SuppressionSource.User);
        // For the list, newest first, and for a search by the beginning of an address.
        builder.HasIndex(s => new { s.OwnerId, s.Id });
        builder.HasIndex(s => new { s.OwnerId, s.Address }).HasOperators(null!, "text_pattern_ops");
        builder.HasOne<AppUser>().WithMany().HasForeignKey(s => s.OwnerId).OnDelete(DeleteBehavior.Cascade);
        builder
            .HasIndex(s => new
            {
                s.OwnerId,
                s.Channel,
                s.Address,
            })
            .IsUnique();
    }
}
