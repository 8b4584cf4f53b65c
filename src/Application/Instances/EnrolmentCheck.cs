namespace FollowUp.Application.Instances;

/// <summary>
/// Finds the steps that will fail for an enrolment: a variable without a value, or a value that a filter or comparison cannot read. These
/// are warnings, not errors: a condition may keep the step from being sent, and the sequence may change before the step is due.
/// </summary>
internal sealed class EnrolmentCheck
{
    private const int MostWarnings = 20;

    /// <summary>The cost of looking up one variable of one enrolment, in the unit of the allowance.</summary>
    private const long LookUp = 16;

    /// <summary>Texts that mean "no" but count as true.</summary>
    private static readonly HashSet<string> Negative = new(StringComparer.OrdinalIgnoreCase)
    {
        "no",
        "n",
        "0",
        "false",
        "off",
        "nein",
        "falsch",
        "non",
        "faux",
        "falso",
        "nee",
        "nie",
        "nej",
    };

    private readonly ITemplateRenderer _templates;
    private readonly RenderAllowance _allowance;
    private readonly IReadOnlyList<VariableView> _required;
    private readonly IReadOnlyList<(int Step, string Template, TemplateKind Kind)> _texts;

    private readonly IReadOnlyList<(string Variable, int[] Steps)> _conditions;
    private readonly int _steps;
    private readonly string _sequenceName;

    /// <summary>Prepares the check of enrolments in one sequence. With an empty allowance the templates are not read.</summary>
    /// <param name="allowance">The work that the checks of all enrolments may use together.</param>
    public EnrolmentCheck(
        SequenceVersion version,
        string sequenceName,
        IVersionVariables variables,
        ITemplateRenderer templates,
        RenderAllowance allowance
    )
    {
        var steps = version.Steps;
        _allowance = allowance;
        _templates = templates;
        _steps = steps.Count;
        _sequenceName = sequenceName;
        var known = allowance.Take(LookUp) ? variables.Of(version) : SequenceVariables.None;
        _required = [.. known.Views.Where(variable => variable.Required)];
        _conditions = known.Conditions;
        _texts =
        [
            .. steps.SelectMany(
                (step, index) => SequenceVariables.Templates(steps, step, index).Select(each => (index, each.Template, each.Kind))
            ),
        ];
    }

    /// <summary>Whether the allowance is used up: the last enrolment was not checked completely, and later ones will not be checked.</summary>
    public bool IsUsedUp => _allowance.IsUsedUp;

    /// <summary>The problems of an enrolment, as far as the allowance permits.</summary>
    public IReadOnlyList<EnrolmentWarning> Of(Enrolment enrolment)
    {
        List<EnrolmentWarning> warnings = [];
        if (enrolment.PhoneWarning is { } phone)
        {
            warnings.Add(
                new(EnrolmentWarningCodes.PhoneIgnored, "recipient.phone", [])
                {
                    Message = $"recipient.phone {phone}. It is ignored, because no step needs it.",
                }
            );
        }

        if (!_allowance.Take(LookUp * (1 + _required.Count + _conditions.Count)))
        {
            return warnings;
        }

        var model = new TemplateModel(enrolment.Recipient, enrolment.Variables, enrolment.OfferId, _sequenceName)
        {
            StepCount = _steps,
            SenderEmail = "sender@example.com",
            SenderName = "Sender",
            UnsubscribeUrl = "https://example.com",
            Allowance = _allowance,
        };
        var values = _templates.ValuesOf(model);
        warnings.AddRange(
            _required
                .Where(variable => !values.HasValue(variable.Name))
                .Select(variable => new EnrolmentWarning(EnrolmentWarningCodes.MissingVariable, variable.Name, variable.Steps))
        );
        foreach (var (variable, concerned) in _conditions)
        {
            if (values.TextOf(variable)?.Trim() is { } text && Negative.Contains(text))
            {
                warnings.Add(
                    new(EnrolmentWarningCodes.TextAsCondition, variable, concerned)
                    {
                        Message =
                            $"{variable} is the text '{text}', which counts as true in a condition. Use true or false, or compare it, as in {{% if {variable} == \"yes\" %}}.",
                    }
                );
            }
        }

        var faults = _texts
            .Select(text => (text.Step, Fault: _templates.Fault(text.Template, text.Kind, model with { StepNumber = text.Step + 1 })))
            .TakeWhile(_ => !IsUsedUp)
            .Where(each => each.Fault is not null)
            .GroupBy(each => each.Fault!, each => each.Step, StringComparer.Ordinal);
        warnings.AddRange(
            faults.Select(each => new EnrolmentWarning(EnrolmentWarningCodes.CannotRender, "", [.. each.Distinct()]) { Message = each.Key })
        );
        return warnings.Count <= MostWarnings ? warnings : warnings[..MostWarnings];
    }
}
