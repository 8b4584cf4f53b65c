namespace FollowUp.Application.Sequences;

internal static class SequenceRules
{
    public static IRuleBuilderOptions<T, string?> Name<T>(IRuleBuilder<T, string?> rule) =>
        rule.Must(name => !string.IsNullOrWhiteSpace(name) && name.Length <= Sequence.LongestName)
            .WithMessage($"must have 1 to {Sequence.LongestName} characters");

    public static IRuleBuilderOptions<T, string?> Description<T>(IRuleBuilder<T, string?> rule) =>
        rule.MaximumLength(Sequence.LongestDescription).WithMessage($"must have at most {Sequence.LongestDescription} characters");

    public static void Steps<T>(AbstractValidator<T> validator, Func<T, IReadOnlyList<StepInput?>?> steps, ITemplateRenderer templates)
    {
        var stepValidator = new StepInputValidator(templates);
        validator
            .RuleFor(request => request)
            .Custom(
                (request, context) =>
                {
                    var given = steps(request);
                    if (given is not { Count: > 0 and <= Sequence.MostSteps })
                    {
                        context.AddFailure("steps", $"must have 1 to {Sequence.MostSteps} steps");
                        return;
                    }

                    var areValid = true;
                    void Fail(string field, string message)
                    {
                        areValid = false;
                        context.AddFailure(field, message);
                    }

                    HashSet<string> ids = [];
                    for (var i = 0; i < given.Count; i++)
                    {
                        if (given[i]?.Id is { } id && !ids.Add(id))
                        {
                            Fail($"steps[{i}].id", "repeats the id of an earlier step");
                        }

                        if (given[i] is not { } step)
                        {
                            Fail($"steps[{i}]", "must be an object");
                            continue;
                        }

                        foreach (var failure in stepValidator.Validate(step.SharingAllowance<StepInput?>(context)).Errors)
                        {
                            Fail($"steps[{i}].{failure.PropertyName}", failure.ErrorMessage);
                        }
                    }

                    // Only valid steps can be converted.
                    if (
                        areValid
                        && SequenceVariables.FieldBeyondLimit(
                            [.. given.Select(step => step!.ToStep())],
                            templates,
                            TextRules.AllowanceOf(context)
                        )
                            is { } field
                    )
                    {
                        context.AddFailure(
                            field,
                            $"reads, together with the texts before it, more than {SequenceVariables.Most} different variables"
                        );
                    }
                }
            );
    }
}
