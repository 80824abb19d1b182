package org.reactornetmap.operators.filter.language;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.operators.filter.bpf.BpfCode;
import org.reactornetmap.operators.filter.bpf.BpfProgram;

/**
 * Reads an expression, and generates the code of each part as soon as the part is complete; so errors of meaning are found before
 * errors of grammar that come later in the text. {@code and} and {@code or} bind alike, and what is first is joined first.
 *
 * <p>It needs to see one word ahead. What is open lies on a stack of its own, so nesting is bounded by memory only.
 *
 * @see <a href="https://github.com/the-tcpdump-group/libpcap/blob/libpcap-1.10.3/grammar.y.in">grammar.y.in, libpcap 1.10.3</a>
 */
final class Parser {
    private final String expression;
    private final Lexer lexer;
    private final Generator generator;
    private final Arithmetic arithmetic;
    private final Deque<Frame> frames = new ArrayDeque<>();

    /** The next word, once something has asked for it. */
    private @Nullable Token next;

    /** Where what is being generated is written. */
    private int place;

    Parser(final String expression, final Generator generator) {
        this.expression = expression;
        this.lexer = new Lexer(expression);
        this.generator = generator;
        this.arithmetic = generator.arithmetic();
    }

    /**
     * Reads it all.
     *
     * @throws FilterSyntaxException if it is no filter
     */
    BpfProgram program() {
        try {
            return generator.program(isNext(TokenType.END) ? null : expression());
        } catch (final Rejection e) {
            throw failure(e.problem(), place);
        }
    }

    private Condition expression() {
        frames.push(new Frame.Whole());
        while (true) {
            final Operand.Decision decision = settle(operand());
            if (decision != null) {
                return decision.condition();
            }
        }
    }

    // What begins an operand

    /** Opens frames until an operand is complete. */
    private Operand operand() {
        while (true) {
            final Operand operand = beginning(frames.element());
            if (operand != null) {
                return operand;
            }
        }
    }

    /** An operand, or null if a frame was opened that waits for another one. */
    private @Nullable Operand beginning(final Frame frame) {
        final Slot slot = frame.slot();
        place = token().start();
        return switch (token().type()) {
            case OPEN -> {
                take();
                frames.push(new Frame.Parenthesis(slot.inParentheses(), frame.qualifiers()));
                yield null;
            }
            case NOT -> {
                require(slot.takesTests() || slot.takesIdentifiers());
                take();
                frames.push(new Frame.Negation(slot.behindNot(), frame.qualifiers()));
                yield null;
            }
            case MINUS -> {
                require(slot.takesArithmetic());
                take();
                frames.push(new Frame.Minus());
                yield null;
            }
            case NUMBER -> new Operand.Plain(take().number(), place);
            case LENGTH -> {
                require(slot.takesArithmetic());
                take();
                yield new Operand.Computed(arithmetic.length());
            }
            case NAME, ETHERNET_ADDRESS, IPV4_ADDRESS, IPV6_ADDRESS -> {
                require(slot.takesIdentifiers());
                yield identifier(frame.qualifiers());
            }
            case PROTOCOL -> {
                require(slot.takesArithmetic());
                yield protocol(slot);
            }
            default -> {
                require(slot.takesTests());
                yield test(null);
            }
        };
    }

    private Operand identifier(final @Nullable Qualifiers qualifiers) {
        final Token word = take();
        if (qualifiers == null) {
            throw new Rejection("expected a qualifier such as 'host' or 'port' before " + Words.quote(word.text()));
        }
        final IdentifierTests tests = generator.identifiers();
        final Condition condition =
                switch (word.type()) {
                    case NAME -> tests.name(word.text(), qualifiers);
                    case ETHERNET_ADDRESS -> tests.ethernet(word.text(), qualifiers);
                    case IPV6_ADDRESS -> tests.ipv6(word.text(), skip(TokenType.DIVIDE) ? number() : 128, qualifiers);
                    default -> ipv4(word.text(), tests, qualifiers);
                };
        return new Operand.Decision(condition, qualifiers, true);
    }

    private Condition ipv4(final String address, final IdentifierTests tests, final Qualifiers qualifiers) {
        if (skip(TokenType.DIVIDE)) {
            return tests.ipv4Prefix(address, number(), qualifiers);
        }
        if (skip(TokenType.MASK)) {
            if (!isNext(TokenType.IPV4_ADDRESS)) {
                throw expected("a mask such as 255.255.255.0");
            }
            return tests.ipv4Masked(address, take().text(), qualifiers);
        }
        return tests.ipv4(address, qualifiers);
    }

    private @Nullable Operand protocol(final Slot slot) {
        final Token word = take();
        final Protocol protocol = Protocol.of(word.text());
        if (protocol == null) {
            throw new IllegalStateException("no protocol: " + word);
        }
        if (skip(TokenType.OPEN_BRACKET)) {
            frames.push(new Frame.Index(protocol, word.start()));
            return null;
        }
        if (!slot.takesTests()) {
            throw expected("'['");
        }
        return test(protocol);
    }

    /** What has no operand before it; behind a protocol or not. Null if qualifiers wait for an identifier. */
    private @Nullable Operand test(final @Nullable Protocol protocol) {
        return switch (token().type()) {
            case SRC, DST -> {
                final Direction direction = direction();
                yield qualification(protocol, direction, isAddressType() ? addressType() : AddressType.HOST);
            }
            case HOST, NET, PORT, PORTRANGE, PROTO, PROTOCHAIN ->
                qualification(protocol, Direction.SRC_OR_DST, addressType());
            case BROADCAST -> {
                take();
                yield decision(generator.frames().isBroadcast(protocol));
            }
            case MULTICAST -> {
                take();
                yield decision(generator.frames().isMulticast(protocol));
            }
            case FOREIGN -> {
                place = token().start();
                throw new Rejection("'" + token().text() + "' " + Words.objection(token().text()));
            }
            default -> decision(protocol == null ? statement() : alone(protocol));
        };
    }

    private Condition alone(final Protocol protocol) {
        if (!isConjunction() && !isNext(TokenType.CLOSE) && !isNext(TokenType.END)) {
            throw expected("'[', a qualifier such as 'host' or 'port', " + ends());
        }
        return generator.protocols().is(protocol);
    }

    private static Operand decision(final Condition condition) {
        return new Operand.Decision(condition, null, false);
    }

    private @Nullable Operand qualification(
            final @Nullable Protocol protocol, final Direction direction, final AddressType type) {
        frames.push(new Frame.Qualification(new Qualifiers(protocol, direction, type)));
        return null;
    }

    private Direction direction() {
        final TokenType first = take().type();
        if (!isNext(TokenType.AND) && !isNext(TokenType.OR)) {
            return first == TokenType.SRC ? Direction.SRC : Direction.DST;
        }
        final boolean and = take().type() == TokenType.AND;
        if (!skip(first == TokenType.SRC ? TokenType.DST : TokenType.SRC)) {
            throw expected(first == TokenType.SRC ? "'dst'" : "'src'");
        }
        return and ? Direction.SRC_AND_DST : Direction.SRC_OR_DST;
    }

    private boolean isAddressType() {
        return isNext(TokenType.HOST) || isNext(TokenType.NET) || isNext(TokenType.PORT) || isNext(TokenType.PORTRANGE);
    }

    private AddressType addressType() {
        return switch (take().type()) {
            case HOST -> AddressType.HOST;
            case NET -> AddressType.NET;
            case PORT -> AddressType.PORT;
            case PORTRANGE -> AddressType.PORTRANGE;
            case PROTO -> AddressType.PROTO;
            default -> AddressType.PROTOCHAIN;
        };
    }

    private Condition statement() {
        final FrameTests tests = generator.frames();
        final Encapsulations encapsulations = generator.encapsulations();
        return switch (token().type()) {
            case AT_MOST -> tests.isAtMost(argument());
            case AT_LEAST -> tests.isAtLeast(argument());
            case BYTE -> isByte(tests);
            case INBOUND -> {
                take();
                yield tests.isOutbound().negate();
            }
            case OUTBOUND -> {
                take();
                yield tests.isOutbound();
            }
            case IFINDEX -> tests.isOfInterface(argument());
            case LLC -> isLlc(tests);
            case VLAN -> encapsulations.vlan(optionalArgument());
            case MPLS -> encapsulations.mpls(optionalArgument());
            case PPPOED -> {
                take();
                yield encapsulations.pppoeDiscovery();
            }
            case PPPOES -> encapsulations.pppoeSession(optionalArgument());
            case GENEVE -> encapsulations.geneve(optionalArgument());
            default -> throw expectedOperand();
        };
    }

    private Condition isByte(final FrameTests tests) {
        final int offset = argument();
        return switch (token().type()) {
            case EQUAL, GREATER, LESS, BIT_AND, BIT_OR -> {
                final TokenType operator = token().type();
                yield tests.isByte(offset, operator, argument());
            }
            default -> throw expected("'=', '<', '>', '&' or '|'");
        };
    }

    private Condition isLlc(final FrameTests tests) {
        take();
        if (isNext(TokenType.NAME)) {
            place = token().start();
            return tests.isLlc(take().text());
        }
        // A word of something else, too.
        if (isNext(TokenType.FOREIGN)
                && (token().text().equals("rnr") || token().text().equals("rulenum"))) {
            take();
            return tests.isLlc("rnr");
        }
        return tests.isLlc();
    }

    /** The number behind a word, which is taken as well. */
    private int argument() {
        take();
        return number();
    }

    private int number() {
        if (!isNext(TokenType.NUMBER)) {
            throw expected("a number");
        }
        return take().number();
    }

    /** The number behind a word, in any parentheses; null if neither begins. */
    private @Nullable Integer optionalArgument() {
        take();
        int open = 0;
        while (skip(TokenType.OPEN)) {
            open++;
        }
        if (open == 0 && !isNext(TokenType.NUMBER)) {
            return null;
        }
        final int number = number();
        for (; open > 0; open--) {
            if (!skip(TokenType.CLOSE)) {
                throw expected("')'");
            }
        }
        return number;
    }

    // What follows an operand

    /** Closes the frames that an operand completes. Gives the whole decision, or null if a frame waits for another operand. */
    private Operand.@Nullable Decision settle(final Operand first) {
        Operand operand = first;
        while (true) {
            final Frame frame = frames.element();
            final Operand closed;
            if (operand instanceof final Operand.Plain number) {
                closed = settleNumber(number, frame);
            } else if (operand instanceof final Operand.Computed computed) {
                closed = settleComputed(computed.value(), frame);
            } else {
                final Operand.Decision decision = (Operand.Decision) operand;
                if (frame instanceof Frame.Whole && isNext(TokenType.END)) {
                    return decision;
                }
                closed = settleDecision(decision, frame);
            }
            if (closed == null) {
                return null;
            }
            operand = closed;
        }
    }

    private Operand settleNumber(final Operand.Plain number, final Frame frame) {
        place = number.position();
        final Slot slot = frame.slot();
        if (frame instanceof Frame.Computing
                || (slot.takesArithmetic() && (Operator.of(token().type()) != null || isRelation()))) {
            return new Operand.Computed(arithmetic.constant(number.number()));
        }
        if (frame instanceof Frame.Parenthesis && isNext(TokenType.CLOSE)) {
            frames.pop();
            take();
            return number;
        }
        if (slot.takesIdentifiers() && (!slot.isFirst() || isConjunction())) {
            final Qualifiers qualifiers = frame.qualifiers();
            if (qualifiers == null) {
                throw new Rejection("expected a qualifier such as 'host' or 'port' before the number, or a comparison"
                        + " behind it");
            }
            return new Operand.Decision(generator.identifiers().number(number.number(), qualifiers), qualifiers, true);
        }
        throw expected(
                slot.takesTests()
                        ? "a comparison such as '='"
                        : slot == Slot.NUMBER || slot == Slot.ARITHMETIC ? "')'" : "'and', 'or' or ')'");
    }

    private @Nullable Operand settleComputed(final Value value, final Frame frame) {
        final Operator operator = Operator.of(token().type());
        if (operator != null && takesFrom(operator, frame)) {
            frames.push(new Frame.Operation(operator, value, take().start()));
            return null;
        }
        if (frame instanceof final Frame.Operation operation) {
            frames.pop();
            place = operation.position();
            return new Operand.Computed(arithmetic.combine(operation.operator().code(), operation.left(), value));
        }
        if (frame instanceof Frame.Minus) {
            frames.pop();
            return new Operand.Computed(arithmetic.negate(value));
        }
        if (frame instanceof final Frame.Comparison comparison) {
            frames.pop();
            return decision(compare(comparison, value));
        }
        if (frame instanceof final Frame.Index index) {
            return load(index, value);
        }
        if (frame instanceof Frame.Parenthesis && isNext(TokenType.CLOSE)) {
            frames.pop();
            take();
            return new Operand.Computed(value);
        }
        if (isRelation() && frame.slot().takesTests()) {
            frames.push(new Frame.Comparison(take().type(), value));
            return null;
        }
        throw expected(frame.slot().takesTests() ? "a comparison such as '=', or an operator" : "an operator or ')'");
    }

    private static boolean takesFrom(final Operator operator, final Frame frame) {
        if (frame instanceof final Frame.Operation operation) {
            return operator.takesFrom(operation.operator());
        }
        return !(frame instanceof Frame.Minus) || operator.takesFromSign();
    }

    private Condition compare(final Frame.Comparison comparison, final Value right) {
        final Value left = comparison.left();
        return switch (comparison.relation()) {
            case GREATER -> arithmetic.compare(BpfCode.JGT, false, left, right);
            case GREATER_OR_EQUAL -> arithmetic.compare(BpfCode.JGE, false, left, right);
            case LESS -> arithmetic.compare(BpfCode.JGE, true, left, right);
            case LESS_OR_EQUAL -> arithmetic.compare(BpfCode.JGT, true, left, right);
            case NOT_EQUAL -> arithmetic.compare(BpfCode.JEQ, true, left, right);
            default -> arithmetic.compare(BpfCode.JEQ, false, left, right);
        };
    }

    private Operand load(final Frame.Index index, final Value value) {
        final int size = skip(TokenType.COLON) ? number() : 1;
        if (!skip(TokenType.CLOSE_BRACKET)) {
            throw expected("an operator, ':' with a size, or ']'");
        }
        frames.pop();
        place = index.position();
        return new Operand.Computed(arithmetic.load(index.protocol(), value, size));
    }

    private @Nullable Operand settleDecision(final Operand.Decision decision, final Frame frame) {
        if (frame instanceof Frame.Negation) {
            frames.pop();
            return new Operand.Decision(decision.condition().negate(), decision.qualifiers(), decision.isIdentifier());
        }
        if (frame instanceof Frame.Qualification) {
            frames.pop();
            return new Operand.Decision(decision.condition(), decision.qualifiers(), false);
        }
        if (frame instanceof final Frame.Junction junction) {
            frames.pop();
            final Condition left = junction.left().condition();
            return new Operand.Decision(
                    junction.isAnd() ? left.and(decision.condition()) : left.or(decision.condition()),
                    decision.qualifiers(),
                    junction.left().isIdentifier());
        }
        if (isConjunction()) {
            frames.push(new Frame.Junction(decision, take().type() == TokenType.AND));
            return null;
        }
        if (frame instanceof Frame.Parenthesis && isNext(TokenType.CLOSE)) {
            frames.pop();
            take();
            return decision.isIdentifier()
                    ? decision
                    : new Operand.Decision(decision.condition(), frame.qualifiers(), false);
        }
        throw expected(ends());
    }

    /** For people: what may follow a decision. */
    private String ends() {
        return "'and', 'or' or " + (frames.stream().anyMatch(Frame.Parenthesis.class::isInstance) ? "')'" : "the end");
    }

    // Words

    private Token token() {
        if (next == null) {
            next = lexer.next();
        }
        return next;
    }

    private boolean isNext(final TokenType type) {
        return token().type() == type;
    }

    private boolean isConjunction() {
        return isNext(TokenType.AND) || isNext(TokenType.OR);
    }

    private boolean isRelation() {
        return switch (token().type()) {
            case EQUAL, NOT_EQUAL, GREATER, GREATER_OR_EQUAL, LESS, LESS_OR_EQUAL -> true;
            default -> false;
        };
    }

    private Token take() {
        final Token taken = token();
        next = null;
        return taken;
    }

    private boolean skip(final TokenType type) {
        final boolean next = isNext(type);
        if (next) {
            take();
        }
        return next;
    }

    // Errors

    private void require(final boolean fits) {
        if (!fits) {
            throw expectedOperand();
        }
    }

    private FilterSyntaxException expectedOperand() {
        final Frame frame = frames.element();
        final Qualifiers qualifiers = frame.qualifiers();
        final String identifier = qualifiers == null ? "" : qualifiers.type().description();
        final Slot slot = frame.slot();
        if (slot == Slot.NUMBER) {
            return expected("a number");
        }
        if (slot == Slot.ARITHMETIC) {
            return expected("a number, 'len' or bytes such as ip[8]");
        }
        if (!slot.takesTests()) {
            return expected(identifier);
        }
        return expected((slot.takesIdentifiers() && qualifiers != null ? identifier + ", or " : "")
                + "a test such as 'tcp', 'host ADDRESS' or 'len > 100'");
    }

    private FilterSyntaxException expected(final String what) {
        final String found = isNext(TokenType.END) ? "the end" : Words.quote(token().text());
        return failure("expected " + what + ", found " + found + hint(), token().start());
    }

    /** What may have been meant by a word in the wrong place. */
    private String hint() {
        final String word = token().text();
        if (isNext(TokenType.NAME) && Words.typeOf(word.toLowerCase(Locale.ROOT)) != null) {
            return " (the words of the language are in lower case)";
        }
        final boolean isName = Words.typeOf(word) != null
                && frames.element().slot().takesIdentifiers()
                && !isConjunction()
                && !isNext(TokenType.NOT);
        return isName ? " (as a name it needs a backslash: \\" + word + ")" : "";
    }

    private FilterSyntaxException failure(final String problem, final int at) {
        return new FilterSyntaxException(problem, expression, at);
    }
}
