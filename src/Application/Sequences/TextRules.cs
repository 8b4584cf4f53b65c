namespace FollowUp.Application.Sequences;

internal static class TextRules
{
    private const string Allowance = "allowance";

    /// <summary>A validation context that shares the request's rendering allowance.</summary>
    public static ValidationContext<T> SharingAllowance<T>(this T part, IValidationContext request)
    {
        return new ValidationContext<T>(part) { RootContextData = { [Allowance] = AllowanceOf(request) } };
    }

    public static RenderAllowance AllowanceOf(IValidationContext request)
    {
        if (!request.RootContextData.TryGetValue(Allowance, out var allowance))
        {
            request.RootContextData[Allowance] = allowance = new RenderAllowance();
        }

        return (RenderAllowance)allowance;
    }

    /// <summary>A template must parse, terminate and output only variables that can have a value.</summary>
    public static void Template<T>(
        this IRuleBuilderInitial<T, string?> rule,
        int longest,
        TemplateKind kind,
        ITemplateRenderer templates
    ) =>
        rule.Cascade(CascadeMode.Stop)
            .MaximumLength(longest)
            .WithMessage($"must have at most {longest} characters")
            .Custom(
                (template, context) =>
                {
                    context.RootContextData.TryGetValue(Allowance, out var allowance);
                    if (template is not null && templates.Check(template, kind, (RenderAllowance?)allowance) is { } error)
                    {
                        context.AddFailure(
                            error.Line == 0 ? error.Message : $"does not parse at line {error.Line}, column {error.Column}: {error.Message}"
                        );
                    }
                }
            );

    /// <summary>A subject must be one line.</summary>
    public static void OneLine<T>(this IRuleBuilderInitial<T, string?> rule) =>
        rule.Must(subject => subject is null || subject.AsSpan().IndexOfAny('\r', '\n') < 0).WithMessage("must be one line");
}
