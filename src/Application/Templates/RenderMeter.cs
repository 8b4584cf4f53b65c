namespace FollowUp.Application.Templates;

/// <summary>Sums the cost of all renderings of a request, wherever they happen.</summary>
public sealed class RenderMeter
{
    private static readonly AsyncLocal<RenderMeter?> Ambient = new();

    private long _work;

    /// <summary>The meter of the current request; null when none was started.</summary>
    public static RenderMeter? Current => Ambient.Value;

    /// <summary>The work so far, in the unit of <see cref="RenderAllowance"/>.</summary>
    public long Work => Interlocked.Read(ref _work);

    /// <summary>Whether allowances created under this meter are empty.</summary>
    public bool IsSpent { get; private init; }

    /// <summary>Starts a meter for everything that the caller awaits from here on.</summary>
    public static RenderMeter Begin() => Ambient.Value = new RenderMeter();

    /// <summary>Starts a meter for a request that must not render anything, because its owner is too far behind.</summary>
    public static RenderMeter BeginSpent() => Ambient.Value = new RenderMeter { IsSpent = true };

    internal void Add(long work) => Interlocked.Add(ref _work, work);
}
