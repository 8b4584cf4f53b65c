using System.Diagnostics;

namespace FollowUp.Application;

/// <summary>Where the project's spans come from.</summary>
public static class Telemetry
{
    /// <summary>The name of the source of spans and of the meter.</summary>
    public const string Name = "FollowUp";

    /// <summary>The source of spans.</summary>
    public static ActivitySource Source { get; } = new(Name);
}
