using System.Text.Encodings.Web;
using System.Text.Unicode;
using Ardalis.Result;
using Fluid;
using Microsoft.Extensions.Caching.Memory;

namespace FollowUp.Infrastructure.Templates;

/// <summary>
/// Liquid templates, based on Fluid. Values are escaped in mail bodies, but not in subjects and text messages, which are plain text. The filter
/// <c>raw</c> is for authors who have HTML in a variable; that HTML is cleaned too.
/// </summary>
internal sealed class LiquidTemplates : ITemplateRenderer
{
    /// <summary>Escapes what HTML requires and leaves letters of other scripts readable.</summary>
    private static readonly HtmlEncoder Html = HtmlEncoder.Create(UnicodeRanges.All);

    private static readonly TemplateModel OnlyAddress = new(
        new Recipient(EmailAddress.FromStore("recipient@example.com"), null, null, null),
        "{}",
        null,
        "-"
    )
    {
        UnsubscribeUrl = "https://example.com",
    };

    private readonly TemplateCache _cache;
    private readonly TemplateOptions _options;
    private readonly LiquidParser _grammar;

    public LiquidTemplates(TimeProvider time, TemplateCache cache)
    {
        _cache = cache;
        // The library's defaults are the invariant culture, UTC, no file provider and no access to .NET members; the other options are set here.
        _options = new TemplateOptions
        {
            MaxSteps = RenderBudget.MostSteps,
            MaxRecursion = RenderBudget.Deepest,
            StrictFilters = true,
            ModelNamesComparer = StringComparer.Ordinal,
            TimeZone = TimeZoneInfo.Utc,
            Now = time.GetUtcNow,
        };
        LiquidFilters.Restrict(_options.Filters);
        _grammar = new LiquidParser(_options.Filters);
    }

    public TemplateError? Check(string template, TemplateKind kind, RenderAllowance? allowance = null)
    {
        var (parsed, error) = Parse(template, length => allowance?.Meter(length));
        return SpoiltPlaceholders.Explained(error, template)
            ?? parsed!.Uses.Select(use => TemplateRoots.Wrong(use, kind)).FirstOrDefault(wrong => wrong is not null)
            ?? (kind == TemplateKind.Body ? SpoiltPlaceholders.DeadAddress(template) : null)
            ?? NeverWorks(parsed!, template, kind, allowance);
    }

    public IReadOnlyList<TemplateWarning> Warnings(
        string template,
        TemplateKind kind,
        RenderAllowance? allowance = null,
        bool upgradesImages = false
    ) =>
        [
            .. TemplateRoots.Hints(Parse(template, length => allowance?.Meter(length)).Template?.Uses ?? []),
            .. TemplateWarnings.Of(template, kind, allowance, upgradesImages),
            .. TooLong(template, kind, allowance),
        ];

    /// <summary>Whether a subject or a text message is too long even with empty values, so that every step would fail.</summary>
    private IEnumerable<TemplateWarning> TooLong(string template, TemplateKind kind, RenderAllowance? allowance)
    {
        if (kind == TemplateKind.Body)
        {
            return [];
        }

        var rendered = Render(kind, template, new TemplateValues(OnlyAddress), allowance, (text, _, _) => text);
        return !rendered.IsSuccess || WrongLength(kind, rendered.Value.Value) is not { } wrong ? []
            : kind == TemplateKind.Subject ? [new("subjectTooLong", wrong)]
            : [new("messageTooLong", wrong)];
    }

    private static string? WrongLength(TemplateKind kind, string text) =>
        kind switch
        {
            TemplateKind.Subject => MessageLimits.WrongSubject(SingleLine.Of(text)),
            TemplateKind.Message => MessageLimits.WrongSms(StorableText.Of(text).Trim()),
            _ => null,
        };

    public IReadOnlyList<TemplateWarning> RenderedWarnings(string html) => [.. TemplateWarnings.OfRendered(html)];

    // Renders a template with empty values. Errors caused by missing values are ignored; exceeding a limit, or failing where no value is used, is an
    // error in the template.
    private TemplateError? NeverWorks(ParsedTemplate parsed, string template, TemplateKind kind, RenderAllowance? allowance)
    {
        var tried = Render(
            kind,
            template,
            new TemplateValues(OnlyAddress),
            allowance,
            (text, _, budget) => kind == TemplateKind.Body ? SanitizedHtmlCache.CheckTags(text, budget) : 0
        );
        return tried.ValidationErrors.FirstOrDefault() is RenderError error && (error.IsLimit || parsed.Uses.Count == 0)
            ? new TemplateError($"cannot be rendered for any recipient: {error.Cause}", 0, 0)
            : null;
    }

    public IReadOnlyList<TemplateVariable> Variables(string template, RenderAllowance? allowance = null) =>
        [
            .. Parse(template, length => allowance?.Meter(length))
                .Template?.Uses.Where(use => use.Name.Length <= TemplateRoots.LongestName && TemplateRoots.IsGiven(use.Name))
                .Select(use => new TemplateVariable(use.Name, use.IsWritten, use.Needed) { Decides = use.Decides })
                ?? [],
        ];

    public IVariableValues ValuesOf(TemplateModel model) => new VariableValues(_options, new TemplateValues(model));

    public string? Fault(string template, TemplateKind kind, TemplateModel model)
    {
        if (
            kind == TemplateKind.Body
            && !template.Contains("{%", StringComparison.Ordinal)
            && !template.Contains('|', StringComparison.Ordinal)
        )
        {
            // The template only outputs values unchanged, so nothing can fail. Subjects and text messages can still be too long.
            return null;
        }

        var rendered = Render(kind, template, new TemplateValues(model), model.Allowance, (text, _, _) => text);
        return rendered.IsSuccess ? WrongLength(kind, rendered.Value.Value) : rendered.ValidationErrors.First().ErrorMessage;
    }

    public Result<RenderedEmail> RenderEmail(string? subject, string body, TemplateModel model)
    {
        var values = new TemplateValues(model);
        var renderedSubject = Render(TemplateKind.Subject, subject ?? "", values, model.Allowance, (text, _, _) => SingleLine.Of(text));
        if (!renderedSubject.IsSuccess)
        {
            return Result.Invalid(renderedSubject.ValidationErrors);
        }

        var (line, missing) = renderedSubject.Value;
        if (subject is not null && line.Length == 0 && missing.Count == 0)
        {
            return Failed(TemplateKind.Subject, "The subject is empty once it is rendered.");
        }

        if (MessageLimits.WrongSubject(line) is { } tooLong)
        {
            return Failed(TemplateKind.Subject, tooLong);
        }

        var renderedBody = Render(
            TemplateKind.Body,
            body,
            values,
            model.Allowance,
            (text, written, budget) => _cache.Shapes.Finish(text, written, budget, model.UpgradesImages)
        );
        if (
            body.Length > 0
            && renderedBody is { IsSuccess: true, Value: { Missing.Count: 0, Value.Html: var html } }
            && html.Trim().Length == 0
        )
        {
            return Failed(TemplateKind.Body, "The body is empty once it is rendered.");
        }

        return renderedBody.Map(rendered => new RenderedEmail(line, rendered.Value.Html, rendered.Value.Text)
        {
            Missing = missing.Count == 0 ? rendered.Missing : [.. missing.Union(rendered.Missing).Order(StringComparer.Ordinal)],
            Removed = rendered.Value.Removed,
        });
    }

    public Result<RenderedSms> RenderSms(string message, TemplateModel model)
    {
        var rendered = Render(
            TemplateKind.Message,
            message,
            new TemplateValues(model),
            model.Allowance,
            (text, _, _) => StorableText.Of(text).Trim()
        );
        return rendered is { IsSuccess: true, Value: { Value.Length: 0, Missing.Count: 0 } }
                ? Failed(TemplateKind.Message, "The message is empty once it is rendered.")
            : rendered is { IsSuccess: true, Value.Value: var sms } && MessageLimits.WrongSms(sms) is { } tooLong
                ? Failed(TemplateKind.Message, tooLong)
            : rendered.Map(text => new RenderedSms(text.Value, text.Missing));
    }

    private Result<(T Value, IReadOnlyCollection<string> Missing)> Render<T>(
        TemplateKind kind,
        string text,
        TemplateValues values,
        RenderAllowance? allowance,
        Func<string, IReadOnlyList<RenderedValue>, RenderBudget, T> finish
    )
    {
        var budget = new RenderBudget(allowance);
        TextEncoder encoder = kind == TemplateKind.Body ? Html : NullEncoder.Default;
        var (template, error) = Parse(text, budget.MeterParsing);
        if (template is null)
        {
            return Failed(kind, $"The {NameOf(kind)} does not parse at line {error!.Line}, column {error.Column}: {error.Message}");
        }

        var context = new TemplateContext(_options);
        LiquidFilters.Prepare(context, budget, encoder);
        try
        {
            values.Set(context);
            using var writer = new BoundedWriter(budget);
            // No part of a template is asynchronous, so the task is completed when the call returns.
            template.Template.RenderAsync(writer, encoder, context).AsTask().GetAwaiter().GetResult();
            return (finish(writer.ToString(), writer.Values, budget), LiquidFilters.Missing(context));
        }
        catch (RenderLimitException limit)
        {
            return CannotBeRendered(kind, $"it {limit.Message}.", isLimit: true);
        }
        catch (JsonException)
        {
            return CannotBeRendered(kind, "the variables are not a JSON object.");
        }
        catch (InvalidOperationException)
        {
            // The library throws this for both of its limits, with a message about includes.
            var steps = RenderBudget.Format(RenderBudget.MostSteps);
            return CannotBeRendered(kind, $"it takes more than {steps} steps or nests too deeply.", isLimit: true);
        }
        catch (Exception failure) when (failure is FluidException or ArithmeticException or FormatException or ArgumentException)
        {
            return CannotBeRendered(kind, SingleLine.Error(failure.Message));
        }
    }

    private static Result Failed(TemplateKind kind, string message) => Result.Invalid(new RenderError(NameOf(kind), message));

    private static Result CannotBeRendered(TemplateKind kind, string cause, bool isLimit = false) =>
        Result.Invalid(
            new RenderError(NameOf(kind), $"The {NameOf(kind)} cannot be rendered: {cause}") { Cause = cause, IsLimit = isLimit }
        );

    private static string NameOf(TemplateKind kind) => kind.ToString().ToLowerInvariant();

    private (ParsedTemplate? Template, TemplateError? Error) Parse(string text, Action<int> meter)
    {
        if (_cache.Parsed.TryGetValue(text, out ParsedTemplate? kept))
        {
            return (kept, null);
        }

        meter(text.Length);
        var (template, error) = _grammar.Parse(text);
        if (template is not null)
        {
            _cache.Parsed.Set(text, template, new MemoryCacheEntryOptions { Size = text.Length + 1_000 });
        }

        return (template, error);
    }
}
