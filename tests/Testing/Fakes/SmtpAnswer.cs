namespace FollowUp.Testing.Fakes;

/// <summary>How far a client has come when a fake SMTP server misbehaves.</summary>
public enum SmtpStage
{
    Connected,
    Ehlo,
    StartTls,
    Auth,
    MailFrom,
    RcptTo,
    Data,

    /// <summary>In the middle of the mail: some of it was read, not its end.</summary>
    Body,

    /// <summary>The whole mail was read, and is not answered yet.</summary>
    EndOfData,
}

/// <summary>What a fake SMTP server does when a client reaches a stage: one of the records below.</summary>
public abstract record SmtpAnswer
{
    private SmtpAnswer() { }

    /// <summary>Takes one mail as it should.</summary>
    public sealed record Accept : SmtpAnswer;

    /// <summary>Takes no mail and says this instead of the stage's good reply.</summary>
    public sealed record Reply(SmtpStage Stage, string Line) : SmtpAnswer;

    /// <summary>Takes no mail and resets the connection.</summary>
    public sealed record Drop(SmtpStage Stage) : SmtpAnswer;

    /// <summary>Takes no mail and says nothing more.</summary>
    public sealed record FallSilent(SmtpStage Stage) : SmtpAnswer;

    /// <summary>Takes the mail and resets the connection without a reply.</summary>
    public sealed record AcceptThenDrop : SmtpAnswer;

    /// <summary>Takes the mail and says nothing more.</summary>
    public sealed record AcceptThenFallSilent : SmtpAnswer;

    /// <summary>Where it takes effect.</summary>
    public SmtpStage At =>
        this switch
        {
            Reply reply => reply.Stage,
            Drop drop => drop.Stage,
            FallSilent silent => silent.Stage,
            _ => SmtpStage.EndOfData,
        };
}
