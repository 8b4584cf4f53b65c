using FollowUp.Application.Sequences;
using FollowUp.Application.Templates;
using FollowUp.Domain.Sequences;

namespace FollowUp.Application.Instances;

/// <summary>
/// Finds, for one enrolment, the steps that will fail: a variable without a value, a value that a filter or a comparison cannot read. These are
/// warnings and not errors: a condition may keep the step from being sent, and the sequence may be changed before it is due.
/// </summary>
internal sealed class EnrolmentCheck
{
    private const int MostWarnings = 20;

    /// <summary>What it costs to look up one variable of one enrolment, in the unit of the allowance.</summary>
    private const long LookUp = 16;

    /// <summary>Texts that mean "no", and yet count as true.</summary>
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

    /// <summary>Prepares the check of enrolments in one sequence. An allowance that holds nothing leaves the templates unread.</summary>
    /// <param name="version">The version that they get.</param>
    /// <param name="sequenceName">The sequence's name.</param>
    /// <param name="variables">Knows the version's variables.</param>
    /// <param name="templates">Renders the templates.</param>
    /// <param name="allowance">What the checks of all enrolments may use up together.</param>
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

    /// <summary>Whether the allowance is used up: the last enrolment was not checked completely, and those after it will not be.</summary>
    public bool IsUsedUp => _allowance.IsUsedUp;

    /// <summary>What will go wrong for an enrolment, as far as the allowance goes.</summary>
    public IReadOnlyList<EnrolmentWarning> Of(Enrolment enrolment)
    {
        List<EnrolmentWarning> warnings = [];
        if (enrolment.PhoneWarning is { } phone)
        {
            warnings.Add(
                new("phoneIgnored", "recipient.phone", []) { Message = $"recipient.phone {phone}. It is left out: no step needs it." }
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
                .Select(variable => new EnrolmentWarning("missingVariable", variable.Name, variable.Steps))
        );
        foreach (var (variable, concerned) in _conditions)
        {
            if (values.TextOf(variable)?.Trim() is { } text && Negative.Contains(text))
            {
                warnings.Add(
                    new("textAsCondition", variable, concerned)
                    {
                        Message =
                            $"{variable} is the text '{text}', which counts as true in a condition: give true or false, or compare it, such as {{% if {variable} == \"yes\" %}}.",
                    }
                );
            }
        }

        var faults = _texts
            .Select(text => (text.Step, Fault: _templates.Fault(text.Template, text.Kind, model with { StepNumber = text.Step + 1 })))
            .TakeWhile(_ => !IsUsedUp)
            .Where(each => each.Fault is not null)
            .GroupBy(each => each.Fault!, each => each.Step, StringComparer.Ordinal);
        warnings.AddRange(faults.Select(each => new EnrolmentWarning("cannotRender", "", [.. each.Distinct()]) { Message = each.Key }));
        return warnings.Count <= MostWarnings ? warnings : warnings[..MostWarnings];
    }
}
