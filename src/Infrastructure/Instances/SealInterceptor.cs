using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace FollowUp.Infrastructure.Instances;

/// <summary>Sets the next checkpoint of every instance that EF Core writes. The engine's own statements set it themselves.</summary>
internal sealed class SealInterceptor(LogSeals seals) : SaveChangesInterceptor
{
    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData,
        InterceptionResult<int> result,
        CancellationToken cancellationToken = default
    )
    {
        if (seals.IsOn && eventData.Context is { } db)
        {
            foreach (var entry in db.ChangeTracker.Entries<Instance>())
            {
                Seal(entry);
            }
        }

        return base.SavingChangesAsync(eventData, result, cancellationToken);
    }

    private void Seal(EntityEntry<Instance> entry)
    {
        if (entry.State is not (EntityState.Added or EntityState.Modified))
        {
            return;
        }

        var instance = entry.Entity;
        var (count, hash) =
            entry.State == EntityState.Added
                ? (0, FollowUpEvent.Genesis)
                : (entry.Property(i => i.EventCount).OriginalValue, entry.Property(i => i.EventHash).OriginalValue);
        entry.Property(i => i.EventSeal).CurrentValue = seals.Next(instance, count, hash);
    }
}
