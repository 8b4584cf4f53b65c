using Ardalis.Result;
using FollowUp.Domain.Instances;

namespace FollowUp.Application.Dispatch;

/// <summary>Why a template cannot be used.</summary>
/// <param name="Message">What is wrong.</param>
/// <param name="Line">Counted from 1; 0 when it parses, and is wrong as a whole.</param>
/// <param name="Column">Counted from 1.</param>
public sealed record TemplateError(string Message, int Line, int Column);

/// <summary>A variable that a template reads and that a client gives: of <c>recipient</c>, <c>offer</c> or <c>variables</c>.</summary>
/// <param name="Name">Such as <c>offer.address</c>.</param>
/// <param name="IsWritten">Whether it is written out somewhere; else it only decides or is gone through.</param>
/// <param name="Needed">Whether it is written out somewhere without a default: then a text without its value would have a hole.</param>
public sealed record TemplateVariable(string Name, bool IsWritten, bool Needed)
{
    /// <summary>Whether a condition asks whether it is true, without comparing it.</summary>
    public bool Decides { get; init; }
}

/// <summary>
/// What templates may read: <c>recipient.*</c>, <c>offer.*</c>, <c>variables.*</c>, <c>sequence.name</c>, <c>step.number</c>, <c>step.count</c>,
/// <c>sender.*</c> and <c>unsubscribeUrl</c>, and nothing else.
/// </summary>
/// <param name="Recipient">The person: email, name, firstName, lastName, phone, timeZone.</param>
/// <param name="Variables">A JSON object. Its member <c>offer</c>, when it is an object, is what <c>offer.*</c> reads.</param>
/// <param name="OfferId">Read as <c>offer.id</c>.</param>
/// <param name="SequenceName">Read as <c>sequence.name</c>.</param>
public sealed record TemplateModel(Recipient Recipient, string Variables, string? OfferId, string SequenceName)
{
    /// <summary>Read as <c>step.number</c>: 1 for the first step.</summary>
    public int StepNumber { get; init; } = 1;

    /// <summary>Read as <c>step.count</c>: how many steps the sequence has.</summary>
    public int StepCount { get; init; } = 1;

    /// <summary>Read as <c>sender.email</c>; null where nobody sends.</summary>
    public string? SenderEmail { get; init; }

    /// <summary>Read as <c>sender.name</c>.</summary>
    public string? SenderName { get; init; }

    /// <summary>Read as <c>unsubscribeUrl</c>; null where there is none.</summary>
    public string? UnsubscribeUrl { get; init; }

    /// <summary>Whether addresses of images by <c>http:</c> are written as <c>https:</c>.</summary>
    public bool UpgradesImages { get; init; }

    /// <summary>What this rendering shares with others of the same request; null when it stands alone, as the worker's do.</summary>
    public RenderAllowance? Allowance { get; init; }
}

/// <summary>A rendered mail.</summary>
/// <param name="Subject">One line, not escaped; empty when the template came to nothing.</param>
/// <param name="Html">The HTML part; values are HTML-escaped, and what mail clients refuse is gone.</param>
/// <param name="Text">The text part, made from the HTML.</param>
public sealed record RenderedEmail(string Subject, string Html, string Text)
{
    /// <summary>The variables that were written out and have neither a value nor a default. Such a mail has holes and must not go out.</summary>
    public IReadOnlyCollection<string> Missing { get; init; } = [];

    /// <summary>What went from the HTML, such as <c>&lt;script&gt;</c> or <c>onclick</c>.</summary>
    public IReadOnlyList<RemovedPart> Removed { get; init; } = [];
}

/// <summary>A rendered text message.</summary>
/// <param name="Text">The text.</param>
/// <param name="Missing">The variables that were written out and have neither a value nor a default.</param>
public sealed record RenderedSms(string Text, IReadOnlyCollection<string> Missing);

/// <summary>Liquid templates.</summary>
public interface ITemplateRenderer
{
    /// <summary>Reads a template, and renders it once for nobody, so that one that never ends is found before anybody is enrolled.</summary>
    /// <param name="template">The template.</param>
    /// <param name="kind">What it is for.</param>
    /// <param name="allowance">What this check shares with others of the same request; null when it stands alone.</param>
    /// <returns>Why it does not parse, what it writes out that nothing can ever give, or which bound it breaks whoever it is for; null when all is well.</returns>
    TemplateError? Check(string template, TemplateKind kind, RenderAllowance? allowance = null);

    /// <summary>What is accepted in a template and probably wrong, each kind of fault once.</summary>
    /// <param name="template">A template that parses.</param>
    /// <param name="kind">What it is for.</param>
    /// <param name="allowance">What this shares with other texts of the same request; where it is used up, less is found.</param>
    /// <param name="upgradesImages">Whether the mail's images by <c>http:</c> are loaded by <c>https:</c>.</param>
    IReadOnlyList<TemplateWarning> Warnings(
        string template,
        TemplateKind kind,
        RenderAllowance? allowance = null,
        bool upgradesImages = false
    );

    /// <summary>What is probably wrong in a mail as it would be sent, each kind of fault once.</summary>
    /// <param name="html">The mail's HTML part.</param>
    IReadOnlyList<TemplateWarning> RenderedWarnings(string html);

    /// <summary>The variables that a template reads and that a client gives, each once.</summary>
    /// <param name="template">A template that parses.</param>
    /// <param name="allowance">Pays for the parsing, when the template is not kept parsed.</param>
    /// <returns>The variables; none when it does not parse.</returns>
    IReadOnlyList<TemplateVariable> Variables(string template, RenderAllowance? allowance = null);

    /// <summary>Looks up the values of variables.</summary>
    /// <param name="model">Where to look. Its variables are parsed once, with the first look.</param>
    IVariableValues ValuesOf(TemplateModel model);

    /// <summary>Renders a template for its errors alone, at a fraction of the cost of a whole message.</summary>
    /// <param name="template">A template that parses.</param>
    /// <param name="kind">What it is for.</param>
    /// <param name="model">What it may read.</param>
    /// <returns>Why it cannot be rendered; null when it can, perhaps with holes.</returns>
    string? Fault(string template, TemplateKind kind, TemplateModel model);

    /// <summary>Renders a mail. Bounded in steps, output and time.</summary>
    /// <param name="subject">The subject's template; null when the subject is not made here, and is then empty.</param>
    /// <param name="body">The body's template.</param>
    /// <param name="model">What they may read.</param>
    /// <returns>The mail, or an error with one sentence that says what went wrong.</returns>
    Result<RenderedEmail> RenderEmail(string? subject, string body, TemplateModel model);

    /// <summary>Renders a text message.</summary>
    /// <param name="message">The message's template.</param>
    /// <param name="model">What it may read.</param>
    /// <returns>The text, or an error with one sentence that says what went wrong.</returns>
    Result<RenderedSms> RenderSms(string message, TemplateModel model);
}
