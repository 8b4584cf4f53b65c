namespace FollowUp.Application.Instances;

internal sealed class BulkTally
{
    public const string OptedOut = "optedOut";
    public const string NotChecked = "notChecked";

    private const int MostErrors = 1_000;
    private const int MostWarnings = 100;
    private const string NotCheckedText =
        "The steps were not checked for this row and the following ones, because the templates take too much work. Check these rows in another dry run, or simplify the templates.";

    private readonly Dictionary<(string Code, string Message), (int Line, int Rows)> _warnings = [];
    private readonly List<BulkError> _errors = [];
    private (int Line, int Rows) _unchecked;
    private int _rejected;
    private int _enrolled;
    private bool _isFinal = true;

    public int Total { get; set; }
    public bool HasEnrolled => _enrolled > 0;

    public void Count(int line, BulkOutcome outcome)
    {
        switch (outcome)
        {
            case BulkOutcome.Enrolled:
                _enrolled++;
                break;
            case BulkOutcome.AlreadyEnrolled:
                Reject(BulkError.Of(line, InstanceErrors.AlreadyEnrolled()));
                break;
            case BulkOutcome.Suppressed:
                Reject(BulkError.Of(line, InstanceErrors.Suppressed));
                break;
            default:
                Reject(BulkError.Of(line, SequenceErrors.RowOfDisabled));
                break;
        }
    }

    public void Reject(BulkError error)
    {
        _rejected++;
        // A sequence that was disabled meanwhile may be enabled again before the call is repeated.
        _isFinal &= error.Code != EnrolmentErrorCodes.SequenceDisabled && !BulkErrors.IsTemporary(error.Code);
        if (_errors.Count < MostErrors)
        {
            _errors.Add(error);
        }
    }

    /// <summary>Counts a problem of a row that is enrolled nevertheless.</summary>
    public void Warn(int line, EnrolmentWarning warning)
    {
        var steps = warning.Steps.Count == 0 ? "" : $" (steps {string.Join(", ", warning.Steps)})";
        Warn(line, warning.Code, warning.Message ?? $"{warning.Variable} has no value{steps}.");
    }

    /// <summary>Counts a recipient that is enrolled although a column of the list marks it as opted out.</summary>
    public void WarnOfOptOut(int line, string column) =>
        Warn(
            line,
            OptedOut,
            $"The column {column} marks the recipient as opted out, but the row is enrolled. Omit such rows, or import them as suppressions first; ?map={Uri.EscapeDataString(column)}:- ignores the column."
        );

    private void Warn(int line, string code, string message)
    {
        var key = (code, message);
        if (_warnings.TryGetValue(key, out var known))
        {
            _warnings[key] = (known.Line, known.Rows + 1);
        }
        else if (_warnings.Count < MostWarnings)
        {
            _warnings.Add(key, (line, 1));
        }
    }

    /// <summary>Counts a row whose steps were not all checked, because the allowance of the call is used up.</summary>
    public void Unchecked(int line) => _unchecked = (_unchecked.Line == 0 ? line : _unchecked.Line, _unchecked.Rows + 1);

    public BulkView ToView(IReadOnlyList<BulkColumn>? columns) =>
        new(Total, _enrolled, _rejected, [.. _errors.OrderBy(error => error.Line)])
        {
            IsFinal = _isFinal,
            Columns = columns,
            Warnings = Warnings() is { Count: > 0 } warnings ? warnings : null,
        };

    private List<BulkWarning> Warnings()
    {
        List<BulkWarning> warnings =
        [
            .. _warnings
                .OrderBy(each => each.Value.Line)
                .Select(each => new BulkWarning(each.Value.Line, each.Key.Code, each.Key.Message, each.Value.Rows)),
        ];
        if (_unchecked.Rows > 0)
        {
            warnings.Add(new(_unchecked.Line, NotChecked, NotCheckedText, _unchecked.Rows));
        }

        return warnings;
    }
}
