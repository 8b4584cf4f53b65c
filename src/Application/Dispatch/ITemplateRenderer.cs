using Ardalis.Result;
using FollowUp.Domain.Instances;

namespace FollowUp.Application.Dispatch;

/// <summary>Why a template does not parse.</summary>
/// <param name="Message">What is wrong.</param>
/// <param name="Line">Counted from 1.</param>
/// <param name="Column">Counted from 1.</param>
public sealed record TemplateError(string Message, int Line, int Column);

/// <summary>What templates may read: <c>recipient.*</c>, <c>offer.*</c>, <c>variables.*</c> and <c>sequence.name</c>, and nothing else.</summary>
/// <param name="Recipient">The person: email, name, firstName, phone, timeZone.</param>
/// <param name="Variables">A JSON object. Its member <c>offer</c>, when it is an object, is what <c>offer.*</c> reads.</param>
/// <param name="OfferId">Read as <c>offer.id</c>.</param>
/// <param name="SequenceName">Read as <c>sequence.name</c>.</param>
public sealed record TemplateModel(Recipient Recipient, string Variables, string? OfferId, string SequenceName);

/// <summary>A rendered mail.</summary>
/// <param name="Subject">One line, not escaped.</param>
/// <param name="Html">The HTML part; values are HTML-escaped.</param>
/// <param name="Text">The text part, made from the HTML.</param>
public sealed record RenderedEmail(string Subject, string Html, string Text);

/// <summary>Liquid templates.</summary>
public interface ITemplateRenderer
{
    /// <summary>Parses a template.</summary>
    /// <param name="template">The template.</param>
    /// <returns>Why it does not parse, or null when it does.</returns>
    TemplateError? Check(string template);

    /// <summary>Renders a mail. Bounded in steps, output and time.</summary>
    /// <param name="subject">The subject's template.</param>
    /// <param name="body">The body's template.</param>
    /// <param name="model">What they may read.</param>
    /// <returns>The mail, or an error with one sentence that says what went wrong.</returns>
    Result<RenderedEmail> RenderEmail(string subject, string body, TemplateModel model);

    /// <summary>Renders a text message.</summary>
    /// <param name="message">The message's template.</param>
    /// <param name="model">What it may read.</param>
    /// <returns>The text, or an error with one sentence that says what went wrong.</returns>
    Result<string> RenderSms(string message, TemplateModel model);
}
