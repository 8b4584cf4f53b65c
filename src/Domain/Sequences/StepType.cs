namespace FollowUp.Domain.Sequences;

/// <summary>The type of a step: <c>EMAIL</c>, <c>SMS</c> or <c>WAIT</c> in tables and JSON.</summary>
public enum StepType
{
    /// <summary>Sends a mail.</summary>
    Email,

    /// <summary>Sends a text message.</summary>
    Sms,

    /// <summary>Waits.</summary>
    Wait,
}
