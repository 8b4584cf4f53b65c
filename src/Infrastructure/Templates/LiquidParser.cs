using System.Runtime.CompilerServices;
using Fluid;
using Fluid.Ast;
using Fluid.Ast.BinaryExpressions;
using Fluid.Parser;
using Parlot;
using ParseException = Fluid.ParseException;

namespace FollowUp.Infrastructure.Templates;

internal sealed record ParsedTemplate(IFluidTemplate Template, IReadOnlyList<VariableUse> Uses);

/// <summary>Parses templates: standard Liquid without the tags that access other templates (<c>include</c>, <c>render</c>).</summary>
internal sealed partial class LiquidParser
{
    private readonly FluidParser _parser = new();
    private readonly FilterCollection _filters;

    public LiquidParser(FilterCollection filters)
    {
        _filters = filters;
        // ifchanged renders into a separate buffer without a limit, and it is not documented in Liquid.
        foreach (var tag in (string[])["include", "render", "ifchanged", "liquid"])
        {
            _parser.RegisteredTags.Remove(tag);
        }
    }

    public (ParsedTemplate? Template, TemplateError? Error) Parse(string text)
    {
        if (text.Length > RenderBudget.LongestTemplate)
        {
            var longest = RenderBudget.Format(RenderBudget.LongestTemplate);
            return (null, new TemplateError($"The template is longer than {longest} characters.", 1, 1));
        }

        var context = new FluidParseContext(text) { OnEnterParser = static (_, _) => RuntimeHelpers.EnsureSufficientExecutionStack() };
        try
        {
            return _parser.Grammar.TryParse(context, out var statements, out var error) && context.Scanner.Cursor.Eof
                ? Bounded(text, new FluidTemplate(statements))
                : (
                    null,
                    Error(error?.Message ?? "The template cannot be read from here on.", error?.Position ?? context.Scanner.Cursor.Position)
                );
        }
        catch (ParseException failure)
        {
            return (null, Error(failure.Message, context.Scanner.Cursor.Position));
        }
        catch (InsufficientExecutionStackException)
        {
            // A stack overflow would terminate the program, and the parser is recursive, so a template could cause one.
            return (null, Error("The template nests too deeply.", context.Scanner.Cursor.Position));
        }
    }

    private (ParsedTemplate?, TemplateError?) Bounded(string text, FluidTemplate template)
    {
        try
        {
            // Both of the first passes limit the nesting depth, which the last one relies on.
            var places = TemplatePlaces.Of(text, template);
            var bounded = new Bounds(_filters, places).VisitTemplate(template);
            var variables = new VariableUses();
            return (new ParsedTemplate(variables.VisitTemplate(bounded), variables.Found), null);
        }
        catch (InvalidFilterException wrong)
        {
            var before = text.AsSpan(0, wrong.IndexIn(text));
            return (null, new TemplateError(wrong.Message, before.Count('\n') + 1, before.Length - before.LastIndexOf('\n')));
        }
        catch (RenderLimitException)
        {
            return (null, new TemplateError("The template nests too deeply.", 1, 1));
        }
    }

    private static TemplateError Error(string message, TextPosition position)
    {
        var plain = SingleLine.Error(PositionOrHint().Replace(message, "").TrimEnd('.', ' '));
        return new TemplateError($"{plain}.", position.Line, position.Column);
    }

    // The position is a separate value here, and the hint is for the developer who configures the parser.
    [GeneratedRegex(@" at \(\d+:\d+\)$| To enable the feature .*$", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex PositionOrHint();

    private sealed class InvalidFilterException(string message, Func<string, int> indexIn) : Exception(message)
    {
        public int IndexIn(string text) => indexIn(text);
    }

    // Ranges, loops and captures are charged, and comparisons are replaced by ValueComparison.
    private sealed class Bounds(FilterCollection filters, TemplatePlaces places) : DepthLimitedRewriter
    {
        public override Expression Visit(Expression expression) =>
            base.Visit(expression) switch
            {
                EqualBinaryExpression equal => Compared(equal, Comparison.Equal, expression),
                NotEqualBinaryExpression different => Compared(different, Comparison.NotEqual, expression),
                GreaterThanBinaryExpression above => Compared(
                    above,
                    above.Strict ? Comparison.Greater : Comparison.GreaterOrEqual,
                    expression
                ),
                LowerThanBinaryExpression below => Compared(below, below.Strict ? Comparison.Less : Comparison.LessOrEqual, expression),
                ContainsBinaryExpression search => new ContainsBinaryExpression(Charged(search), Short(search)),
                StartsWithBinaryExpression search => new StartsWithBinaryExpression(Charged(search), Short(search)),
                EndsWithBinaryExpression search => new EndsWithBinaryExpression(Charged(search), Short(search)),
                var visited => visited,
            };

        private static ChargedOperand Charged(BinaryExpression search) => new(search.Left);

        private static ShortOperand Short(BinaryExpression search) => new(search.Right);

        protected override Statement VisitForStatement(ForStatement forStatement)
        {
            var loop = (ForStatement)base.VisitForStatement(forStatement);
            return new BoundedLoop(
                loop.Source,
                new ForStatement(
                    loop.Statements,
                    loop.Identifier,
                    loop.Source,
                    Number(loop.Limit, "limit"),
                    loop.OffsetIsContinue ? loop.Offset : Number(loop.Offset, "offset"),
                    loop.Reversed,
                    loop.Else
                )
            );
        }

        protected override Statement VisitTableRowStatement(TableRowStatement tableRowStatement)
        {
            var loop = (TableRowStatement)base.VisitTableRowStatement(tableRowStatement);
            return new BoundedLoop(
                loop.Source,
                new TableRowStatement(
                    loop.Statements,
                    loop.Identifier,
                    loop.Source,
                    Number(loop.Limit, "limit"),
                    Number(loop.Offset, "offset"),
                    Number(loop.Cols, "cols")
                )
            );
        }

        private static NumberOperand? Number(Expression? operand, string what) => operand is null ? null : new NumberOperand(operand, what);

        protected override Statement VisitCaptureStatement(CaptureStatement captureStatement)
        {
            var capture = (CaptureStatement)base.VisitCaptureStatement(captureStatement);
            return new BoundedCapture(capture.Identifier, capture.Statements);
        }

        protected override Statement VisitCaseStatement(CaseStatement caseStatement)
        {
            var choice = (CaseStatement)base.VisitCaseStatement(caseStatement);
            return new CaseStatement(new CaseOperand(choice.Expression), choice.Else, [.. choice.Whens]);
        }

        protected override Statement VisitWhenStatement(WhenStatement whenStatement)
        {
            var when = (WhenStatement)base.VisitWhenStatement(whenStatement);
            return new WhenStatement([.. when.Options.Select(option => new ChargedOperand(option))], when.Statements);
        }

        protected override Expression VisitMemberExpression(MemberExpression memberExpression) =>
            memberExpression.Segments.Any(segment => segment is IndexerSegment)
                ? new MemberExpression([.. memberExpression.Segments.Select(Bounded)])
                : memberExpression;

        private MemberSegment Bounded(MemberSegment segment) =>
            segment is IndexerSegment indexer ? new IndexerSegment(new ShortOperand(Visit(indexer.Expression))) : segment;

        protected override Expression VisitRangeExpression(RangeExpression rangeExpression) =>
            new BoundedRange(
                new RangeExpression(
                    new NumberOperand(Visit(rangeExpression.From), "a range"),
                    new NumberOperand(Visit(rangeExpression.To), "a range")
                )
            );

        protected override Expression VisitFilterExpression(FilterExpression filterExpression)
        {
            var name = filterExpression.Name;
            if (!filters.TryGetValue(name, out _))
            {
                var shown = SingleLine.Of(name, TemplateRoots.LongestName);
                throw new InvalidFilterException($"There is no filter '{shown}'.", text => TemplatePlaces.IndexOfFilter(text, name));
            }

            return FormattingFilters.Wrong(name, [.. filterExpression.Parameters]) is var (literal, error)
                ? throw new InvalidFilterException(error, text => Math.Max(text.IndexOf(literal, StringComparison.Ordinal), 0))
                : Placed((FilterExpression)base.VisitFilterExpression(filterExpression), places[filterExpression]);
        }

        private static Expression Placed(FilterExpression filter, TemplatePlace place) =>
            place.Line > 0 && LiquidFilters.IsParticular(filter.Name) ? new PlacedFilter(filter, place) : filter;

        private ValueComparison Compared(BinaryExpression rewritten, Comparison comparison, Expression original) =>
            new(new ChargedOperand(rewritten.Left), comparison, new ChargedOperand(rewritten.Right), places[original]);
    }
}
