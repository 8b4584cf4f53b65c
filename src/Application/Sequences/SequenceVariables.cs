namespace FollowUp.Application.Sequences;

/// <summary>The variables that a version's templates read.</summary>
/// <param name="Views">Each variable once, by name; at most <see cref="Most"/>.</param>
/// <param name="Conditions">
/// The variables that a condition tests and no template outputs, with the indexes of the steps; a variable that is also output is tested for its
/// presence. At most <see cref="Most"/>.
/// </param>
internal sealed record SequenceVariables(IReadOnlyList<VariableView> Views, IReadOnlyList<(string Variable, int[] Steps)> Conditions)
{
    /// <summary>
    /// The maximum number of variables of a sequence, checked when steps are saved. For versions saved before the limit existed, further
    /// variables are omitted from lists and checks; their mails render normally.
    /// </summary>
    public const int Most = 500;

    public static SequenceVariables None { get; } = new([], []);

    /// <summary>The approximate size in memory, in characters.</summary>
    public long Weight =>
        100 + Views.Sum(view => 100L + view.Name.Length + (2 * view.Steps.Count)) + Conditions.Sum(each => 50L + (2 * each.Steps.Length));

    public static SequenceVariables Of(IReadOnlyList<Step> steps, ITemplateRenderer templates, RenderAllowance allowance)
    {
        var uses = steps
            .SelectMany(
                (step, index) =>
                    Templates(steps, step, index)
                        .SelectMany(each => templates.Variables(each.Template, allowance))
                        .Select(variable => (Variable: variable, Step: index))
            )
            .GroupBy(use => use.Variable.Name, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .ToList();
        return new(
            [
                .. uses.Take(Most)
                    .Select(group => new VariableView(
                        group.Key,
                        [.. group.Select(use => use.Step).Distinct()],
                        !group.Any(use => use.Variable.Needed),
                        group.Any(use => use.Variable.Needed)
                    )),
            ],
            [
                .. uses.Where(group => group.Any(use => use.Variable.Decides) && !group.Any(use => use.Variable.IsWritten))
                    .Take(Most)
                    .Select(group => (group.Key, group.Where(use => use.Variable.Decides).Select(use => use.Step).Distinct().ToArray())),
            ]
        );
    }

    /// <summary>Finds the text that exceeds <see cref="Most"/>.</summary>
    /// <returns>The field of the text; null when the limit is kept.</returns>
    public static string? FieldBeyondLimit(IReadOnlyList<Step> steps, ITemplateRenderer templates, RenderAllowance? allowance)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (var (field, template, _) in SequenceWarning.Texts(steps).Where(text => text.Template is not null))
        {
            names.UnionWith(templates.Variables(template!, allowance).Select(variable => variable.Name));
            if (names.Count > Most)
            {
                return field;
            }
        }

        return null;
    }

    /// <summary>All templates that a step may use, with their kinds, including the default follow-up.</summary>
    public static IEnumerable<(string Template, TemplateKind Kind)> Templates(IReadOnlyList<Step> steps, Step step, int index) =>
        step switch
        {
            SmsStep sms => [(sms.Message, TemplateKind.Message)],
            EmailStep email => email
                .Variants.Select(EmailVariant? (variant) => variant)
                .DefaultIfEmpty()
                .Select(variant => MailDraft.Of(steps, new StepIndex(index), variant, hasThread: false))
                .SelectMany(draft => new[] { (draft.Subject!, TemplateKind.Subject), (draft.Body, TemplateKind.Body) }),
            _ => [],
        };
}
