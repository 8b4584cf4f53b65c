namespace FollowUp.Application.Dispatch;

/// <summary>
/// How late this node claimed steps in the last five minutes: counts on a logarithmic scale whose buckets are 13 % wide, in slots of ten seconds.
/// </summary>
public sealed class LagWindow(TimeProvider time)
{
    /// <summary>The number of buckets; the last one begins at a day.</summary>
    public const int Buckets = 147;

    private const int Slots = 30;
    private const double BucketsPerE = 8;
    private static readonly TimeSpan SlotTime = TimeSpan.FromSeconds(10);
    private readonly Lock _lock = new();
    private readonly int[,] _counts = new int[Slots, Buckets];
    private readonly long[] _slots = new long[Slots];
    private readonly long _start = time.GetTimestamp();

    /// <summary>Counts a claim.</summary>
    /// <param name="lag">The time from the due time to the claim.</param>
    public void Note(TimeSpan lag)
    {
        var bucket = Math.Clamp((int)Math.Round(Math.Log(1 + Math.Max(0, lag.TotalMilliseconds)) * BucketsPerE), 0, Buckets - 1);
        lock (_lock)
        {
            _counts[Current(), bucket]++;
        }
    }

    /// <summary>The counts of the last five minutes by bucket.</summary>
    public int[] Read()
    {
        var sums = new int[Buckets];
        lock (_lock)
        {
            var now = Number();
            for (var slot = 0; slot < Slots; slot++)
            {
                for (var bucket = 0; bucket < Buckets && _slots[slot] > now - Slots; bucket++)
                {
                    sums[bucket] += _counts[slot, bucket];
                }
            }
        }

        return sums;
    }

    /// <summary>A quantile of counts, in milliseconds; null when nothing was counted.</summary>
    /// <param name="counts">Counts by bucket, of one node or summed up over several.</param>
    /// <param name="part">The part of the counts that are at most as late, such as 0.99.</param>
    public static double? Quantile(IReadOnlyList<long> counts, double part)
    {
        var left = (long)Math.Ceiling(counts.Sum() * part);
        for (var bucket = 0; bucket < counts.Count && left > 0; bucket++)
        {
            left -= counts[bucket];
            if (left <= 0)
            {
                return Math.Round(Math.Exp(bucket / BucketsPerE) - 1, 1);
            }
        }

        return null;
    }

    private long Number() => (long)(time.GetElapsedTime(_start) / SlotTime) + Slots;

    private int Current()
    {
        var number = Number();
        var slot = (int)(number % Slots);
        if (_slots[slot] != number)
        {
            _slots[slot] = number;
            for (var bucket = 0; bucket < Buckets; bucket++)
            {
                _counts[slot, bucket] = 0;
            }
        }

        return slot;
    }
}
