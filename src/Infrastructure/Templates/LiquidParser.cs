using System.Runtime.CompilerServices;
using Fluid;
using Fluid.Ast;
using Fluid.Ast.BinaryExpressions;
using Fluid.Parser;
using Fluid.Values;
using FollowUp.Application.Templates;
using Parlot;
using ParseException = Fluid.ParseException;

namespace FollowUp.Infrastructure.Templates;

/// <summary>A parsed template.</summary>
/// <param name="Template">The template for rendering.</param>
/// <param name="Uses">The variables that it uses, each once.</param>
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

    /// <summary>Parses a template.</summary>
    /// <returns>The template, or the error.</returns>
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
        catch (UnknownFilterException unknown)
        {
            var (line, column) = Where(text, TemplatePlaces.IndexOfFilter(text, unknown.Filter));
            return (
                null,
                new TemplateError($"There is no filter '{SingleLine.Of(unknown.Filter, TemplateRoots.LongestName)}'.", line, column)
            );
        }
        catch (InvalidLiteralException wrong)
        {
            var (line, column) = Where(text, Math.Max(text.IndexOf(wrong.Literal, StringComparison.Ordinal), 0));
            return (null, new TemplateError(wrong.Message, line, column));
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

    private static (int Line, int Column) Where(string text, int index)
    {
        var before = text.AsSpan(0, index);
        return (before.Count('\n') + 1, index - before.LastIndexOf('\n'));
    }

    // The position is a separate value here, and the hint is for the developer who configures the parser.
    [GeneratedRegex(@" at \(\d+:\d+\)$| To enable the feature .*$", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex PositionOrHint();

    private sealed class UnknownFilterException(string filter) : Exception
    {
        public string Filter => filter;
    }

    private sealed class InvalidLiteralException(string literal, string message) : Exception(message)
    {
        public string Literal => literal;
    }

    /// <summary>
    /// Adds limits to a parsed template: ranges, loops and captures are charged, and the nesting depth is limited. Comparisons are replaced by <see
    /// cref="ValueComparison"/>.
    /// </summary>
    private sealed class Bounds(FilterCollection filters, TemplatePlaces places) : AstRewriter
    {
        private int _depth;

        public override Statement Visit(Statement statement)
        {
            Enter();
            var visited = base.Visit(statement);
            _depth--;
            return visited;
        }

        public override Expression Visit(Expression expression)
        {
            Enter();
            var visited = base.Visit(expression);
            _depth--;
            return visited;
        }

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

        protected override Expression VisitContainsBinaryExpression(ContainsBinaryExpression containsBinaryExpression)
        {
            var search = (BinaryExpression)base.VisitContainsBinaryExpression(containsBinaryExpression);
            return new ContainsBinaryExpression(new ChargedOperand(search.Left), new ShortOperand(search.Right));
        }

        protected override Expression VisitStartsWithBinaryExpression(StartsWithBinaryExpression startsWithBinaryExpression)
        {
            var search = (BinaryExpression)base.VisitStartsWithBinaryExpression(startsWithBinaryExpression);
            return new StartsWithBinaryExpression(new ChargedOperand(search.Left), new ShortOperand(search.Right));
        }

        protected override Expression VisitEndsWithBinaryExpression(EndsWithBinaryExpression endsWithBinaryExpression)
        {
            var search = (BinaryExpression)base.VisitEndsWithBinaryExpression(endsWithBinaryExpression);
            return new EndsWithBinaryExpression(new ChargedOperand(search.Left), new ShortOperand(search.Right));
        }

        protected override Expression VisitEqualBinaryExpression(EqualBinaryExpression equalBinaryExpression) =>
            Compared((BinaryExpression)base.VisitEqualBinaryExpression(equalBinaryExpression), Comparison.Equal, equalBinaryExpression);

        protected override Expression VisitNotEqualBinaryExpression(NotEqualBinaryExpression notEqualBinaryExpression) =>
            Compared(
                (BinaryExpression)base.VisitNotEqualBinaryExpression(notEqualBinaryExpression),
                Comparison.NotEqual,
                notEqualBinaryExpression
            );

        protected override Expression VisitGreaterThanBinaryExpression(GreaterThanBinaryExpression greaterThanBinaryExpression) =>
            Compared(
                (BinaryExpression)base.VisitGreaterThanBinaryExpression(greaterThanBinaryExpression),
                greaterThanBinaryExpression.Strict ? Comparison.Greater : Comparison.GreaterOrEqual,
                greaterThanBinaryExpression
            );

        protected override Expression VisitLowerThanBinaryExpression(LowerThanBinaryExpression lowerThanBinaryExpression) =>
            Compared(
                (BinaryExpression)base.VisitLowerThanBinaryExpression(lowerThanBinaryExpression),
                lowerThanBinaryExpression.Strict ? Comparison.Less : Comparison.LessOrEqual,
                lowerThanBinaryExpression
            );

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
            if (!filters.TryGetValue(filterExpression.Name, out _))
            {
                throw new UnknownFilterException(filterExpression.Name);
            }

            return FormattingFilters.Wrong(filterExpression.Name, [.. filterExpression.Parameters]) is var (literal, error)
                ? throw new InvalidLiteralException(literal, error)
                : Placed((FilterExpression)base.VisitFilterExpression(filterExpression), places[filterExpression]);
        }

        /// <summary>
        /// The position is passed as a named argument, which <see cref="LiquidFilters"/> removes again: the library's filters have no place for it.
        /// </summary>
        private static FilterExpression Placed(FilterExpression filter, TemplatePlace place) =>
            place.Line > 0 && LiquidFilters.IsParticular(filter.Name)
                ? new FilterExpression(
                    filter.Input,
                    filter.Name,
                    [.. filter.Parameters, new FilterArgument(LiquidFilters.Place, new LiteralExpression(new ObjectValue(place)))]
                )
                : filter;

        private ValueComparison Compared(BinaryExpression rewritten, Comparison comparison, BinaryExpression original) =>
            new(new ChargedOperand(rewritten.Left), comparison, new ChargedOperand(rewritten.Right), places[original]);

        private void Enter()
        {
            if (++_depth > RenderBudget.Deepest)
            {
                throw new RenderLimitException("nests too deeply");
            }
        }
    }
}
