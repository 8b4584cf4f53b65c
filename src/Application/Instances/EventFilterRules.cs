using FluentValidation.Results;

namespace FollowUp.Application.Instances;

/// <summary>The rules for filters of the log, in pages and in exports.</summary>
internal static class EventFilterRules
{
    private const int LongestType = 40;

    private static readonly string ActorRule =
        $"must be {string.Join(", ", EnumNames.All<ActorKind>())}, or the id of a user or an API key";

    public static void Check<T>(EventFilter filter, ValidationContext<T> context)
    {
        if (filter.Type is { Length: > LongestType })
        {
            context.AddFailure(new ValidationFailure("type", $"must have at most {LongestType} characters"));
        }

        if (filter.Actor is { } actor && !EnumNames.TryRead<ActorKind>(actor, out _) && !Guid.TryParseExact(actor, "D", out _))
        {
            context.AddFailure(new ValidationFailure("actor", ActorRule));
        }
    }
}
