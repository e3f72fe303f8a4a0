// What people have filled in and not yet sent.

/** What the elements of a message or view hold, as Slack's `state.values`. */
export class Form {
  constructor() {
    this.values = {};
  }

  hold(block, element, state) {
    (this.values[block.block_id] ||= {})[element.action_id] = state;
  }

  held(block, element) {
    return this.values[block.block_id]?.[element.action_id] || null;
  }

  /** Why an input may not be submitted yet, or null. */
  fault(words, block) {
    const { type, ...rest } = this.held(block, block.element);
    const [value] = Object.values(rest);
    if (!value || value.length === 0) return block.optional ? null : words.required;
    const least = block.element.min_length;
    return least && value.length < least ? words.tooShort(least) : null;
  }
}
