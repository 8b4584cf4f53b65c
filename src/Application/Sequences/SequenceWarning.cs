namespace FollowUp.Application.Sequences;

/// <summary>Something in a sequence that is accepted but probably wrong.</summary>
/// <param name="Field">The field, such as <c>steps[0].body</c>.</param>
/// <param name="Code">
/// <c>encodedBraces</c>, <c>splitBraces</c>, <c>braceEntities</c>, <c>doubledScheme</c>, <c>foreignMergeTag</c>, <c>unknownVariable</c>, <c>noUnsubscribeLink</c>,
/// <c>htmlOver102kB</c>, <c>styleSheetCut</c>, <c>conditionalCommentRemoved</c>, <c>contentRemoved</c>, <c>httpImages</c>, <c>plainTextBody</c>,
/// <c>repeatedFormatting</c>, <c>subjectTooLong</c>, <c>messageTooLong</c>, <c>noDateAhead</c> or <c>lastDateSoon</c>.
/// </param>
/// <param name="Message">One sentence: what is wrong and what to do.</param>
public sealed record SequenceWarning(string Field, string Code, string Message)
{
    internal const int Most = 100;

    /// <summary>The warnings about all texts of a sequence, in the order of its steps.</summary>
    internal static IReadOnlyList<SequenceWarning> Of(IReadOnlyList<Step> steps, ITemplateRenderer templates, bool upgradesImages)
    {
        var allowance = new RenderAllowance();
        return
        [
            .. Texts(steps)
                .Where(text => !string.IsNullOrWhiteSpace(text.Template))
                .SelectMany(text =>
                    templates
                        .Warnings(text.Template!, text.Kind, allowance, upgradesImages)
                        .Select(warning => new SequenceWarning(text.Field, warning.Code, warning.Message))
                )
                .Take(Most),
        ];
    }

    /// <summary>The warnings about a sequence and about the rendered steps.</summary>
    internal static IReadOnlyList<SequenceWarning> Of(
        IReadOnlyList<Step> steps,
        IEnumerable<(int Step, string Html)> rendered,
        ITemplateRenderer templates,
        bool upgradesImages
    ) =>
        [
            .. Of(steps, templates, upgradesImages)
                .Concat(
                    rendered.SelectMany(mail =>
                        templates
                            .RenderedWarnings(mail.Html)
                            .Select(warning => new SequenceWarning($"steps[{mail.Step}].body", warning.Code, warning.Message))
                    )
                )
                .DistinctBy(warning => (warning.Field, warning.Code))
                .Take(Most),
        ];

    /// <summary>The warnings about the calendar that a sequence's schedule names.</summary>
    internal static IEnumerable<SequenceWarning> Of(IEnumerable<CalendarWarning> warnings) =>
        warnings.Select(warning => new SequenceWarning("schedule.holidays", warning.Code, warning.Message));

    /// <summary>All texts of a sequence, in the order of its steps.</summary>
    internal static IEnumerable<(string Field, string? Template, TemplateKind Kind)> Texts(IReadOnlyList<Step> steps) =>
        steps.SelectMany((step, index) => Texts(step, $"steps[{index}]"));

    private static IEnumerable<(string Field, string? Template, TemplateKind Kind)> Texts(Step step, string field) =>
        step switch
        {
            SmsStep sms => [($"{field}.message", sms.Message, TemplateKind.Message)],
            EmailStep email =>
            [
                ($"{field}.subject", email.Subject, TemplateKind.Subject),
                ($"{field}.body", email.Body, TemplateKind.Body),
                .. email.Variants.SelectMany(
                    (variant, index) =>
                        new[]
                        {
                            ($"{field}.variants[{index}].subject", variant.Subject, TemplateKind.Subject),
                            ($"{field}.variants[{index}].body", variant.Body, TemplateKind.Body),
                        }
                ),
            ],
            _ => [],
        };
}
