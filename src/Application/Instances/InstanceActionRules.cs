using System.Linq.Expressions;

namespace FollowUp.Application.Instances;

internal static class InstanceActionRules
{
    /// <summary>The maximum number of ids.</summary>
    public const int MostIds = 10_000;

    public static void AddTo<T>(AbstractValidator<T> validator, Expression<Func<T, InstanceActionInput>> input) =>
        validator
            .RuleFor(input)
            .Custom(
                (value, context) =>
                    Check(value, (field, rule) => context.AddFailure(new FluentValidation.Results.ValidationFailure(field, rule)))
            );

    private static void Check(InstanceActionInput input, Action<string, string> fail)
    {
        var isAction = EnumNames.TryRead<InstanceActionKind>(input.Action, out var action);
        if (!isAction)
        {
            fail("action", "must be pause, resume, stop, retry, skip or resolve");
        }

        CheckInstances(input, fail);
        if (input.Timing is not null && (isAction && action != InstanceActionKind.Resume))
        {
            fail("timing", "is only allowed with the action resume");
        }
        else if (input.Timing is not null && !EnumNames.TryRead<ResumeTiming>(input.Timing, out _))
        {
            fail("timing", "must be shift, keep or restart");
        }

        CheckName<StopReason>(
            input.Reason,
            InstanceActionKind.Stop,
            "reason",
            "replied, unsubscribed, bounced, complained, goal or manual"
        );
        CheckName<Resolution>(input.Outcome, InstanceActionKind.Resolve, "outcome", "sent or resend");

        void CheckName<TEnum>(string? name, InstanceActionKind owner, string field, string names)
            where TEnum : struct, Enum
        {
            if (isAction && action == owner ? !EnumNames.TryRead<TEnum>(name, out _) : name is not null)
            {
                fail(field, isAction && action != owner ? $"is only allowed with the action {CamelNames.Of(owner)}" : $"must be {names}");
            }
        }
    }

    private static void CheckInstances(InstanceActionInput input, Action<string, string> fail)
    {
        switch (input.Filter, input.Ids)
        {
            case (null, null):
                fail("filter", "or ids is required");
                break;
            case (not null, not null):
                fail("ids", "cannot be combined with filter");
                break;
            case (null, { Count: 0 or > MostIds }):
                fail("ids", $"must be 1 to {MostIds} ids");
                break;
            case ({ IsEmpty: true }, null):
                fail("filter", "must have at least one condition");
                break;
            case ({ } filter, null):
                InstanceFilterRules.Check(filter, (field, rule) => fail($"filter.{field}", rule));
                break;
        }
    }
}
