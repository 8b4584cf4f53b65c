using System.Globalization;

namespace FollowUp.Domain.Instances;

/// <summary>The errors of migrations.</summary>
public static class MigrationErrors
{
    /// <summary>The sequence has no such migration.</summary>
    public static Result NotFound => Error.NotFound("The sequence has no such migration.");

    /// <summary>Instances can only move to the current version.</summary>
    public static Result VersionNotCurrent(int asked, int current) =>
        Error.Conflict(
            "versionNotCurrent",
            $"Version {asked} is not the current version ({current}). Instances can only move to the current version.",
            ("currentVersion", current.ToString(CultureInfo.InvariantCulture))
        );

    /// <summary>Another migration of the sequence is running.</summary>
    public static Result Running(MigrationId id) =>
        Error.Conflict(
            "migrationRunning",
            "Another migration of this sequence is running. Stop it or wait until it completes.",
            ("id", id.Value.ToString())
        );

    /// <summary>The migration's state does not allow the transition.</summary>
    public static Result InvalidTransition(MigrationState from, MigrationState to) =>
        Error.Conflict(
            "invalidTransition",
            $"The migration is {Name(from)} and cannot become {Name(to)}.",
            ("from", Name(from)),
            ("to", Name(to))
        );

    private static string Name(MigrationState state) => state.ToString().ToLowerInvariant();
}
