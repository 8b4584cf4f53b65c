namespace FollowUp.Simulation;

/// <summary>SplitMix64. Every choice of a simulation comes from here, so the seed determines the run.</summary>
internal sealed class SeededRandom(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    public int Below(int limit) => (int)(Next() % (ulong)limit);

    public bool Chance(double probability) => Share() < probability;

    public TimeSpan Between(double fromSeconds, double toSeconds) =>
        new((long)((fromSeconds + ((toSeconds - fromSeconds) * Share())) * TimeSpan.TicksPerSecond));

    public T Of<T>(params ReadOnlySpan<T> choices) => choices[Below(choices.Length)];

    /// <summary>An id that depends on the seed alone.</summary>
    public Guid Id()
    {
        Span<byte> bytes = stackalloc byte[16];
        BitConverter.TryWriteBytes(bytes, Next());
        BitConverter.TryWriteBytes(bytes[8..], Next());
        return new Guid(bytes);
    }

    private double Share() => (Next() >> 11) * (1.0 / (1UL << 53));
}
