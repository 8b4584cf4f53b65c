namespace FollowUp.Application.Instances;

/// <summary>The codes of rejected rows of a bulk enrolment, beside <see cref="BulkCodes"/>.</summary>
public static class EnrolmentErrorCodes
{
    /// <summary>The recipient is active or paused in the sequence already.</summary>
    public const string AlreadyEnrolled = InstanceErrors.AlreadyEnrolledCode;

    /// <summary>The address is suppressed.</summary>
    public const string Suppressed = InstanceErrors.SuppressedCode;

    /// <summary>The sequence does not accept enrolments.</summary>
    public const string SequenceDisabled = SequenceErrors.DisabledCode;
}
