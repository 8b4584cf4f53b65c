using System.ComponentModel.DataAnnotations;

namespace FollowUp.Application.Sequences;

/// <summary>A step in a request or response. The allowed fields depend on its type.</summary>
[OmitNulls]
public sealed record StepInput
{
    /// <summary>
    /// The step's id, the same in all versions. If absent, the step gets the id of the current step that it continues, or a new one.
    /// </summary>
    [StringLength(StepIds.Longest, MinimumLength = 1), RegularExpression("^[A-Za-z0-9_-]+$")]
    public string? Id { get; init; }

    /// <summary><c>EMAIL</c>, <c>SMS</c> or <c>WAIT</c>.</summary>
    public string? Type { get; init; }

    /// <summary>
    /// EMAIL: a Liquid template. If absent, a step with a body is a reply to the first mail, and a step without one is the default
    /// follow-up for its position.
    /// </summary>
    public string? Subject { get; init; }

    /// <summary>EMAIL: a Liquid template that renders to HTML; if absent, the default follow-up for its position.</summary>
    public string? Body { get; init; }

    /// <summary>
    /// EMAIL: whether it is sent as a reply to the first mail to the recipient. Default: true for a step with a body and no subject.
    /// </summary>
    public bool? Thread { get; init; }

    /// <summary>EMAIL: alternative texts; each recipient gets one of them.</summary>
    public IReadOnlyList<VariantInput?>? Variants { get; init; }

    /// <summary>SMS: a Liquid template.</summary>
    public string? Message { get; init; }

    /// <summary>WAIT: days of 86,400,000 ms each, from 0 to 365.</summary>
    [Range(0d, 365d)]
    public decimal? DelayDays { get; init; }

    /// <summary>WAIT: 0 to 260 business days, which are the days of the sequence's schedule without its holidays.</summary>
    [Range(0, 260)]
    public int? DelayBusinessDays { get; init; }

    /// <summary>WAIT: an ISO 8601 duration of weeks, or of days, hours, minutes and seconds, at most 365 days.</summary>
    [DataType(DataType.Duration)]
    public string? Delay { get; init; }

    /// <summary>EMAIL and SMS: the local time to send at, HH:mm in the time zone of the sequence's schedule; absent means any time.</summary>
    public string? At { get; init; }

    /// <summary>Converts a step.</summary>
    public static StepInput From(Step step) => Fields(step) with { Id = step.Id };

    internal Step ToStep() => Written() with { Id = Id ?? "" };

    private Step Written() =>
        Type switch
        {
            "EMAIL" => new EmailStep(Subject, Body)
            {
                At = ScheduleInput.ReadTime(At),
                Thread = Thread,
                Variants = Variants is null or []
                    ? EmailVariants.None
                    : new EmailVariants([.. Variants.Select(v => new EmailVariant(v!.Name!, v.Weight!.Value, v.Subject, v.Body))]),
            },
            "SMS" => new SmsStep(Message!) { At = ScheduleInput.ReadTime(At) },
            _ => (
                DelayDays is { } days ? WaitStep.OfDays(days)
                : DelayBusinessDays is { } business ? WaitStep.OfBusinessDays(business)
                : WaitStep.Of(Delay!)
            )!,
        };

    private static StepInput Fields(Step step) =>
        step switch
        {
            EmailStep email => new()
            {
                Type = "EMAIL",
                Subject = email.Subject,
                Body = email.Body,
                Thread = email.Thread,
                Variants =
                    email.Variants.Count == 0
                        ? null
                        : [.. email.Variants.Select(v => new VariantInput(v.Name, v.Weight, v.Subject, v.Body))],
                At = ScheduleInput.Text(email.At),
            },
            SmsStep sms => new()
            {
                Type = "SMS",
                Message = sms.Message,
                At = ScheduleInput.Text(sms.At),
            },
            WaitStep wait => new()
            {
                Type = "WAIT",
                DelayDays = wait.DelayDays,
                DelayBusinessDays = wait.BusinessDays,
                Delay = wait.DelayText,
            },
            _ => throw new InvalidOperationException($"No such step: {step}"),
        };
}

internal sealed class StepInputValidator : AbstractValidator<StepInput?>
{
    private const int LongestBody = 200_000;

    public StepInputValidator(ITemplateRenderer templates)
    {
        RuleFor(step => step!.Id)
            .Must(id => StepIds.IsValid(id!))
            .WithMessage($"must have 1 to {StepIds.Longest} letters, digits, hyphens or underscores")
            .When(step => step!.Id is not null);
        RuleFor(step => step!.Type).Must(type => type is "EMAIL" or "SMS" or "WAIT").WithMessage("must be EMAIL, SMS or WAIT");

        Template(step => step!.Subject, "EMAIL", MessageLimits.LongestSubject, TemplateKind.Subject, templates);
        Template(step => step!.Body, "EMAIL", LongestBody, TemplateKind.Body, templates);
        Template(step => step!.Message, "SMS", MessageLimits.LongestSms, TemplateKind.Message, templates);
        RuleFor(step => step!.Subject).OneLine();
        RuleFor(step => step!.Message).NotEmpty().WithMessage("is required for an SMS").When(step => step!.Type == "SMS");

        OnlyFor("EMAIL", step => step!.Thread);
        OnlyFor("EMAIL", step => step!.Variants);
        RuleFor(step => step!.Variants).Custom(new VariantRules(templates, MessageLimits.LongestSubject, LongestBody).Check);

        RuleFor(step => step!.At)
            .Cascade(CascadeMode.Stop)
            .Null()
            .WithMessage("is not a field of WAIT")
            .When(step => step!.Type == "WAIT", ApplyConditionTo.CurrentValidator)
            .Must(at => at is null || ScheduleInput.ReadTime(at) is not null)
            .WithMessage("must be a local time such as 09:30");
        OnlyFor("WAIT", step => step!.DelayDays);
        OnlyFor("WAIT", step => step!.DelayBusinessDays);
        OnlyFor("WAIT", step => step!.Delay);
        When(
            step => step!.Type == "WAIT",
            () =>
            {
                RuleFor(step => step!.Delay)
                    .Null()
                    .WithMessage("cannot be combined with delayDays or delayBusinessDays")
                    .When(step => step!.DelayDays is not null || step.DelayBusinessDays is not null);
                RuleFor(step => step!.DelayBusinessDays)
                    .Null()
                    .WithMessage("cannot be combined with delayDays")
                    .When(step => step!.DelayDays is not null);
                RuleFor(step => step!.DelayBusinessDays)
                    .InclusiveBetween(0, WaitStep.MostBusinessDays)
                    .WithMessage($"must be from 0 to {WaitStep.MostBusinessDays}")
                    .When(step => step!.DelayBusinessDays is not null && step.DelayDays is null);
                RuleFor(step => step!.DelayDays)
                    .NotNull()
                    .WithMessage("is required for a WAIT unless delayBusinessDays or delay is given")
                    .When(step => step!.Delay is null && step.DelayBusinessDays is null);
                RuleFor(step => step!.DelayDays)
                    .Must(days => WaitStep.OfDays(days!.Value) is not null)
                    .WithMessage("must be from 0 to 365")
                    .When(step => step!.DelayDays is not null);
                RuleFor(step => step!.Delay)
                    .Must(text => WaitStep.Of(text!) is not null)
                    .WithMessage("must be an ISO 8601 duration such as PT36H, from zero to 365 days, without years or months")
                    .When(step => step!.Delay is not null && step.DelayDays is null && step.DelayBusinessDays is null);
            }
        );
    }

    private void Template(
        System.Linq.Expressions.Expression<Func<StepInput?, string?>> field,
        string type,
        int longest,
        TemplateKind kind,
        ITemplateRenderer templates
    )
    {
        OnlyFor(type, field);
        RuleFor(field).Template(longest, kind, templates);
    }

    private void OnlyFor<T>(string type, System.Linq.Expressions.Expression<Func<StepInput?, T>> field) =>
        RuleFor(field)
            .Null()
            .WithMessage(step => $"is not a field of {step!.Type}")
            .When(step => step!.Type != type && step.Type is "EMAIL" or "SMS" or "WAIT" && step.Type != type);
}

internal sealed class VariantRules(ITemplateRenderer templates, int longestSubject, int longestBody)
{
    /// <summary>Not a separate class: the container registers every validator class as the validator of a request.</summary>
    private readonly InlineValidator<VariantInput> _each = Each(templates, longestSubject, longestBody);

    public void Check(IReadOnlyList<VariantInput?>? variants, ValidationContext<StepInput?> context)
    {
        if (variants is null)
        {
            return;
        }

        if (variants.Count is 0 or > EmailVariants.Most)
        {
            context.AddFailure($"must be 1 to {EmailVariants.Most} variants");
            return;
        }

        for (var i = 0; i < variants.Count; i++)
        {
            if (variants[i] is not { } variant)
            {
                context.AddFailure($"variants[{i}]", "must be an object");
                continue;
            }

            foreach (var failure in _each.Validate(variant.SharingAllowance(context)).Errors)
            {
                context.AddFailure(
                    $"variants[{i}].{char.ToLowerInvariant(failure.PropertyName[0])}{failure.PropertyName[1..]}",
                    failure.ErrorMessage
                );
            }

            if (variants.Take(i).Any(earlier => earlier?.Name is { } name && name == variant.Name))
            {
                context.AddFailure($"variants[{i}].name", "must differ from the names of the other variants");
            }
        }
    }

    private static InlineValidator<VariantInput> Each(ITemplateRenderer templates, int longestSubject, int longestBody)
    {
        var each = new InlineValidator<VariantInput>();
        each.RuleFor(variant => variant.Name)
            .Must(name => !string.IsNullOrWhiteSpace(name) && name.Length <= EmailVariants.LongestName && !name.Any(char.IsControl))
            .WithMessage($"must have 1 to {EmailVariants.LongestName} characters, on one line");
        each.RuleFor(variant => variant.Weight)
            .Must(weight => weight is > 0 and <= EmailVariants.GreatestWeight)
            .WithMessage("must be above 0 and at most 1,000,000");
        each.RuleFor(variant => variant.Subject).OneLine();
        each.RuleFor(variant => variant.Subject).Template(longestSubject, TemplateKind.Subject, templates);
        each.RuleFor(variant => variant.Body).Template(longestBody, TemplateKind.Body, templates);
        return each;
    }
}
