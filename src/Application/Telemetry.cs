using System.Diagnostics;

namespace FollowUp.Application;

/// <summary>The source of the project's spans.</summary>
public static class Telemetry
{
    /// <summary>The name of the activity source and of the meter.</summary>
    public const string Name = "FollowUp";

    /// <summary>The activity source.</summary>
    public static ActivitySource Source { get; } = new(Name);
}
