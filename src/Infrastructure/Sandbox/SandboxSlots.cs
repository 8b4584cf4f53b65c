namespace FollowUp.Infrastructure.Sandbox;

/// <summary>
/// Bounds the requests of each user's sandbox, so that one user's requests never wait for another's. A request takes a place before its body is read
/// and keeps it until its response is sent; it holds a slot only while it runs. An entry exists as long as any of its places is taken.
/// </summary>
public sealed class SandboxSlots
{
    private readonly Lock _lock = new();
    private readonly Dictionary<OwnerId, Entry> _entries = [];

    /// <summary>Null when all <see cref="SandboxLimits.RequestsInAll"/> places are taken.</summary>
    public Place? TryTake(OwnerId owner)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(owner, out var entry))
            {
                entry = _entries[owner] = new Entry();
            }

            return entry.Places < SandboxLimits.RequestsInAll ? new Place(this, owner, entry) : null;
        }
    }

    private void GiveBack(OwnerId owner, Entry entry)
    {
        lock (_lock)
        {
            if (--entry.Places == 0)
            {
                _entries.Remove(owner);
                entry.Slots.Dispose();
            }
        }
    }

    /// <summary>A request's place.</summary>
    public sealed class Place : IDisposable
    {
        private readonly SandboxSlots _places;
        private readonly Entry _entry;
        private int _isGivenBack;

        internal Place(SandboxSlots places, OwnerId owner, Entry entry)
        {
            (_places, Owner, _entry) = (places, owner, entry);
            entry.Places++;
        }

        /// <summary>The user whose sandbox it is.</summary>
        public OwnerId Owner { get; }

        /// <inheritdoc/>
        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isGivenBack, 1) == 0)
            {
                _places.GiveBack(Owner, _entry);
            }
        }

        internal Task EnterSlot(CancellationToken cancellationToken) => _entry.Slots.WaitAsync(cancellationToken);

        internal void LeaveSlot() => _entry.Slots.Release();
    }

    internal sealed class Entry
    {
        public int Places { get; set; }
        public SemaphoreSlim Slots { get; } = new(SandboxLimits.RequestsAtOnce);
    }
}
