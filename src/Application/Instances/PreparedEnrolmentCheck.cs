namespace FollowUp.Application.Instances;

/// <summary>
/// The warnings about one enrolment. Finding them parses and renders templates, so it is done once before the transaction, which holds a
/// connection and a lock and may run more than once.
/// </summary>
internal sealed class PreparedEnrolmentCheck(IVersionVariables variables, ITemplateRenderer templates)
{
    private (SequenceVersionId Version, string SequenceName)? _checked;
    private IReadOnlyList<EnrolmentWarning> _warnings = [];

    /// <summary>
    /// The warnings about the request's enrolment: the prepared ones, unless a concurrent request changed the sequence in the meantime.
    /// </summary>
    public IReadOnlyList<EnrolmentWarning> Of(SequenceVersion version, string sequenceName, Enrolment enrolment)
    {
        if (_checked != (version.Id, sequenceName))
        {
            var check = new EnrolmentCheck(version, sequenceName, variables, templates, RenderAllowance.OfEnrolment());
            _warnings = check.Of(enrolment);
            _checked = (version.Id, sequenceName);
        }

        return _warnings;
    }
}

internal sealed class EnrollRecipientPreparation(PreparedEnrolmentCheck check, IReadDb db, TimeProvider time)
    : IPreparation<EnrollRecipient>
{
    public async Task Prepare(EnrollRecipient command, CancellationToken cancellationToken)
    {
        // The handler reports errors. This node's clock only decides whether startAt is too far away, and the handler uses the database's.
        if (
            RenderMeter.Current?.IsSpent != true
            && await db.Of<Sequence>().Where(s => s.Id == command.SequenceId).WithCurrentVersion(db).SingleOrDefaultAsync(cancellationToken)
                is { Sequence.Enabled: true } found
            && command.Input.Read(time.GetUtcNow(), found.Current.Steps.Any(step => step is SmsStep)) is { IsSuccess: true } read
        )
        {
            _ = check.Of(found.Current, found.Sequence.Name, read.Value);
        }
    }
}
