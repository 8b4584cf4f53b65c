namespace FollowUp.Domain.Sequences;

/// <summary>What a step does. The words in tables and JSON are <c>EMAIL</c>, <c>SMS</c> and <c>WAIT</c>.</summary>
public enum StepType
{
    /// <summary>Sends a mail.</summary>
    Email,

    /// <summary>Sends a text message.</summary>
    Sms,

    /// <summary>Lets time pass.</summary>
    Wait,
}
